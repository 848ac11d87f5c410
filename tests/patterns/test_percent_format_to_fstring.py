"""What every conversion gives, and what old Pythons can read; `behaviour` has programs with formats."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from tests.patterns.behaviour.odd import Text

ID = "percent-format-to-fstring"
NAMES = {"text": Text("té%s{}"), "number": 3.7, "flag": True}

Transform = Callable[[str, str], str]


def test_every_conversion_of_an_integer_and_of_a_text_is_the_same(transform: Transform) -> None:
    flags, widths, precisions = ("", "-", "0", "+"), ("", "7"), ("", ".2")
    values = ("-3", "255", "len('abcd')", "text", "number", "flag")
    lines = [
        f"'<%{''.join(spec)}>' % ({value},)"
        for spec in product(flags, widths, precisions, "sraidxXo")
        for value in values
    ]

    after = transform(ID, "\n".join(lines)).split("\n")

    changes = [(old, new) for old, new in zip(lines, after, strict=True) if new != old]
    assert len(changes) > 100
    for old, new in changes:
        assert eval(old, NAMES) == eval(new, NAMES), (old, new)  # noqa: S307 - our own expressions


def test_a_result_is_valid_on_the_oldest_python_that_is_promised(transform: Transform) -> None:
    held_by_new_pythons_only = (
        """"%s" % (table["it's"],)\n"%s" % ("\\n".join(stack),)\n"%s" % (\n    call(\n    1),)\n"""
    )

    assert transform(ID, held_by_new_pythons_only) == held_by_new_pythons_only

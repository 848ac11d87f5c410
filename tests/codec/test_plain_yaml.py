"""The fast reader of plain YAML says what the hardened loader says, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pytest_orchestrator.codec.hardened_yaml import read_hardened
from pytest_orchestrator.codec.plain_yaml import read_plain

PLAIN = """\
# what it is
id: cache
title: It's the cache: no, it isn't
status: 'approved'
owners: [ann, 'bob', "eve"]

last_review: 2026-11-20
covers:
  - src/cache.py
  # and
  - src/store.py::Store.get
  - '*.py'
relates_to:
- a
- 1.5
approvals: []
note:
x-level: 3
"""

_SCALARS = (
    *("no", "on", "yes", "true", "True", "null", "~", "Null", "", "1e3", "0x10", "1_000", "+5", "-5", ".5", ".", "5."),
    *("2026-01-01", "2026-01-01T00:00", "12:30:45", "123456789012345678", "1234567890123456789", "+.inf", "1.e5"),
    *("'a'", "''", "'it''s'", '"a"', '""', '"a\\n"', "'a", '"a', "'a' b", "'a'  ", "it's", 'a "b"'),
    *("&a b", "*a", "!!str a", "!a", "| ", ">", "%a", "@a", "`a", "? a", "?a", "- a", "-a", ": a", ":a", "<<", "="),
    *("a: b", "a:b", "a:", "a :b", "a #b", "a#b", "#a", "# a", "a # b", "a,b", "a, b", "a]", "[a", "a [b]", "{a}"),
    *(
        "src/*.py",
        "**/*.py",
        "src/a.py::B.c",
        "./a",
        "~/a",
        "a\tb",
        "\ta",
        "a\t",
        "é",
        "\u2028",
        "\u0085",
        "\ufeff",
        "a?b",
    ),
    *("\xa0a", "a\xa0", "a  b", "  a", "a  ", "\U0001f600", "\x7f", "\r", "a\r", "---", "...", "--- a", "a\\b", "\\"),
)
_LISTS = ("[{0}]", "[ {0} ]", "[{0}, {1}]", "[{0},{1}]", "[{0}, ]", "[, {0}]", "[{0}", "[[{0}]]", "[{0}] # c", "[{0}]x")
_BLOCKS = (
    *("\n- {0}\n- {1}", "\n  - {0}\n  - {1}", "\n  - {0}\n - {1}", "\n  - {0}\n    - {1}", "\n-{0}", "\n  {0}", "\n-"),
    *("\n  - {0}\n    {1}", "\n\n  - {0}\n\n  - {1}", "\n  # c\n  - {0}", "\n  - {0}\n# c\n  - {1}", " {0}\n  - {1}"),
    *(" {0}\n  {1}", " {0}\n\n  {1}", " {0}\n{1}", "\t{0}", "{0}", "   {0}   ", " # c\n  - {0}", "\n  a: {0}"),
)
_KEYS = ("a", "b", "A-b_c", "x-1", "null", "1", "'a'", '"a"', "? a", "a b", " a", "a ", "-", "é", "<<", "a" * 101)

_scalars = st.sampled_from(_SCALARS) | st.text(st.sampled_from("ab0 :#,[]{}'\"-\n.?&*!|\\\té"), max_size=6)
_values = st.builds(
    str.format,
    st.sampled_from((" {0}", " {1}", *_BLOCKS, *(f"{start}{form}" for form in _LISTS for start in (" ", "\n  - ")))),
    _scalars,
    _scalars,
)
_entries = st.builds("{}:{}".format, st.sampled_from(_KEYS), _values)
_lines = _entries | st.sampled_from(("", "  ", "# c", "  # c", "a", "---", "...", "%YAML 1.2", "- a", "a: 1"))
_texts = st.lists(_lines, max_size=5).map("\n".join)


def _agree(text: str) -> bool:
    """Whether the fast reader read `text`; it must have read what the loader reads."""
    found = read_plain(text, first_line=2)
    if found is None:
        return False
    data, lines = read_hardened(text, path="f", first_line=2)
    assert found == (data, lines)
    assert repr(found[0]) == repr(data)  # 1 is not 1.0, nor True
    return True


@given(_texts)
@example("a: 1\na: 2")
@example("a: b\n  c: d")
@example("a:\n- b\n - c")
def test_it_says_what_the_loader_says_or_declines(text: str) -> None:
    _agree(text)


@given(st.text(max_size=40), st.text(max_size=10))
def test_any_text_is_read_alike_or_declined(text: str, item: str) -> None:
    _agree(text)
    _agree(f"a: {text}\nb: [{item}, c]\nd:\n- {item}")


@pytest.mark.parametrize("scalar", _SCALARS)
@pytest.mark.parametrize("form", ["a: {}", "a: [{}]", "a: [b, {}, c]", "a:\n- {}\n- b", "a: b\nc: {}\nd: e"])
def test_no_scalar_is_read_otherwise(form: str, scalar: str) -> None:
    _agree(form.format(scalar))


def test_the_usual_front_matter_is_read_without_the_loader() -> None:
    assert not _agree(PLAIN)  # `cache: no` needs quotes
    assert _agree(PLAIN.replace("cache: no", "cache, no"))


@pytest.mark.parametrize("text", ["", "# nothing\n", "a: 1\na: 2", "a: &b 1", "- a", "a: 1\n---\nb: 2", "a: 1\r\nb: 2"])
def test_what_is_not_plain_is_left_to_the_loader(text: str) -> None:
    assert read_plain(text, first_line=1) is None


def test_a_long_line_of_spaces_takes_no_time() -> None:
    spaces = " " * 200_000
    for text in (f"a: [b{spaces}#", f"a: '{spaces}", f"a: b{spaces}: c", f"{spaces}- '{spaces}", f"{spaces}x"):
        assert read_plain(text, first_line=1) is None

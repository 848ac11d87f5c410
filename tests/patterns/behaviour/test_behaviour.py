"""Programs around the edits of every codemod print and raise the same before and after.

`make test` runs a small sample, `make test-all` many more, and also shows that the check finds faults: each of `FAULTS`
takes a mend back in a copy of a codemod.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.patterns.behaviour.annotations import ANNOTATIONS
from tests.patterns.behaviour.check import check
from tests.patterns.behaviour.classes import ALIASES, OBJECT, SUPER
from tests.patterns.behaviour.formats import CALLS, PERCENT
from tests.patterns.behaviour.names import NAMES, TEXTS, TIMES
from tests.patterns.conftest import transform_by
from tests.pins import ALL_PINS, ROOT

Transform = Callable[[str, str], str]

FAMILIES = {
    family.codemods[0]: family for family in (ANNOTATIONS, ALIASES, CALLS, NAMES, OBJECT, PERCENT, SUPER, TEXTS, TIMES)
}
COUNT = 1_500 if ALL_PINS else 15

WITHOUT_PROGRAMS = {
    "six-removal": "six is not installed; the codemod is unsafe",
}


def test_every_codemod_has_programs() -> None:
    index = json.loads((ROOT / "patterns/index.json").read_text("utf-8"))
    codemods = {pattern["id"] for pattern in index["patterns"] if pattern["kind"] == "codemod"}

    assert {
        codemod for family in FAMILIES.values() for codemod in family.codemods
    } == codemods - WITHOUT_PROGRAMS.keys()


@pytest.mark.parametrize("name", FAMILIES)
def test_programs_do_the_same_afterwards(name: str, transform: Transform) -> None:
    checked = check(FAMILIES[name], transform, count=COUNT)

    assert not checked.differences, "\n".join(map(str, checked.differences))
    assert checked.programs > COUNT // 2
    assert checked.changed > COUNT // 10


def test_formats_that_python_compiles_do_the_same_as_fstrings() -> None:
    checked = check(PERCENT, transform_by([ROOT / "patterns"], oldest_python="3.11"), count=COUNT)

    assert not checked.differences, "\n".join(map(str, checked.differences))


# A codemod, one of its files, a part of the file, and what stands there without the mend.
FAULTS = {
    "an item is read before a later value is evaluated": (
        *("str-format-to-fstring", "arguments.py", "if field.reads_item and", "if False and"),
    ),
    "a value alone is not made plain text": (
        *("str-format-to-fstring", "pattern.py", "if _is_value_alone(literals) and", "if False and"),
    ),
    "what is read twice is computed twice": (
        *("str-format-to-fstring", "arguments.py", "keys.count(key) > 1 and", "False and"),
    ),
    "a method binds __class__ by nonlocal": (
        *("super-no-args", "pattern.py", "and not _around(scope)[0].bindings(", "and not scope.bindings("),
    ),
    "a decorator puts another class under the name": (
        *("super-no-args", "pattern.py", "if not keeps or makes_new_class:", "if False:"),
    ),
    "self is bound again": ("super-no-args", "pattern.py", "and len(scope.bindings(instance)) == 1", ""),
    "pytz and Django refuse an aware datetime": (
        *("datetime-utcnow-aware", "pattern.py", "elif m.matches(call, _NEEDS_NAIVE):", "elif False:"),
    ),
    "a shifted time is shifted twice": (
        "datetime-utcnow-aware",
        "pattern.py",
        "if m.matches(call, _SHIFT):",
        "if False:",
    ),
    "a single value is a tuple": (
        *("percent-format-to-fstring", "pattern.py", "len(keys) == 1 and is_one_value(right, scope)", "len(keys) == 1"),
    ),
    "a defaultdict is shown before its item is read": (
        *(
            "percent-format-to-fstring",
            "pattern.py",
            "if not is_free or contains_subscript_of(value, item)",
            "if not is_free",
        ),
    ),
    "a call changes what was shown before it": (
        *(
            "percent-format-to-fstring",
            "pattern.py",
            "if not is_fstring and not _same_order(values, scope)",
            "if False",
        ),
    ),
    "an f-string formats what percent converts": (
        *("percent-format-to-fstring", "conversions.py", 'return self.type, f"', 'return None, f"'),
    ),
    "a metaclass sees its bases": (
        *(
            "no-object-base",
            "pattern.py",
            "and all(_ignores_object(keyword, scope) for keyword in definition.keywords)",
            "",
        ),
    ),
    "object is another class": ("no-object-base", "pattern.py", 'and scope.is_builtin("object")', ""),
    "a test case defines the old name itself": (
        *("deprecated-unittest-alias", "pattern.py", "if {old, _NEW_NAMES[old]} & self._defined or not", "if not"),
    ),
    "a base class has the old name only": (
        *(
            "deprecated-unittest-alias",
            "pattern.py",
            "if roots is None:\n                return None",
            "if roots is None:\n                continue",
        ),
    ),
}


@pytest.mark.skipif(not ALL_PINS, reason="takes a minute: PYTEST_ORCHESTRATOR_TEST_PINS=all")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_when_its_mend_is_taken_back(fault: str, tmp_path: Path) -> None:
    codemod, file, mended, faulty = FAULTS[fault]
    folder = shutil.copytree(ROOT / "patterns" / codemod, tmp_path / codemod)
    code = (folder / file).read_text("utf-8")
    assert code.count(mended) == 1, "the code of the mend has changed"
    (folder / file).write_text(code.replace(mended, faulty), "utf-8")

    checked = check(FAMILIES[codemod], transform_by([tmp_path]), count=COUNT)

    assert checked.differences

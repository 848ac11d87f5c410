from __future__ import annotations

import pytest

from pytest_orchestrator.pattern_engine.library import Library
from pytest_orchestrator.pattern_engine.testing.cases import load_cases

SHIPPED = [
    "assert-on-tuple",
    "bare-except",
    "builtin-generics",
    "collections-abc-import",
    "datetime-utcnow-aware",
    "deprecated-unittest-alias",
    "drop-coding-cookie",
    "io-error-alias",
    "literal-identity",
    "loop-variable-closure",
    "lru-cache-to-cache",
    "mutable-default-argument",
    "naive-datetime",
    "native-string-prefix",
    "no-object-base",
    "percent-format-to-fstring",
    "print-call",
    "redundant-open-mode",
    "request-without-timeout",
    "run-review-checklist",
    "six-removal",
    "str-format-to-fstring",
    "subprocess-shell",
    "super-no-args",
    "union-syntax",
    "unsafe-yaml-load",
]


def test_the_library_holds_what_is_promised(shipped: Library) -> None:
    assert [pattern.id for pattern in shipped.patterns] == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_a_pattern_has_eight_cases_and_half_of_them_are_about_what_stays(shipped: Library, name: str) -> None:
    cases = load_cases(shipped.get(name))
    stays = [case for case in cases if case.name.startswith("leaves-")]

    assert len(cases) >= 8
    assert 2 * len(stays) >= len(cases)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_case_that_leaves_something_alone_says_so_by_its_name(shipped: Library, name: str) -> None:
    pattern = shipped.get(name)
    for case in load_cases(pattern):
        untouched = case.after == case.before and not case.expected
        assert not untouched or case.name.startswith("leaves-"), case.name

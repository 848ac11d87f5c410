from __future__ import annotations

import re
from pathlib import Path

import pytest

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.pattern_engine.backtracking import exponential_repeat, search_time
from pytest_orchestrator.pattern_engine.foreign.known_triggers import KNOWN_TRIGGERS
from pytest_orchestrator.pattern_engine.pattern import read_pattern
from pytest_orchestrator.pattern_engine.trigger import trigger_problems
from tests.conftest import WritePattern


@pytest.mark.parametrize(
    ("expression", "repeat"),
    [
        ("(a+)+$", "(a+)+"),
        ("x(a|a)*", "(a|a)*"),
        ("(.*)*", "(.*)*"),
        ("(?:a{2,})*b", "(?:a{2,})*"),
        ("(a{1,9}){1,9}", "(a{1,9}){1,9}"),
        ("(?:a?)+", "(?:a?)+"),
        ("((a)+)+?", "((a)+)+?"),
        ("(a+)*+b", "(a+)*+"),
        (r"(?:\w+\s*)*x", r"(?:\w+\s*)*"),
        ("(?i:a|A)*b", "(?i:a|A)*"),
        ("([a-c]|b)*d", "([a-c]|b)*"),
        (r"(\.|.)*x", r"(\.|.)*"),
        (r"(?:\x41|A)*", r"(?:\x41|A)*"),
        ("(?P<n>a+)+", "(?P<n>a+)+"),
        ("(?P<n>a)(?:(?P=n)|a)*", "(?:(?P=n)|a)*"),
        ("x(?=(a+)+b)", "(a+)+"),
        ("((?:a|b)*c?)*", "((?:a|b)*c?)*"),
        (r"(\xc3|\xc3)*x", r"(\xc3|\xc3)*"),
        (r"([\x80-\xff]|\xc3)*x", r"([\x80-\xff]|\xc3)*"),
        (r"(\x80+)+z", r"(\x80+)+"),
    ],
)
def test_a_repeat_that_can_match_a_text_in_several_ways_is_found(expression: str, repeat: str) -> None:
    re.compile(expression)
    assert exponential_repeat(expression) == repeat


@pytest.mark.parametrize(
    "expression",
    [
        r"\s*old",
        "a{2,}b+?",
        "(?:ab)*",
        "(?:a|b)*c",
        "(?:a*b)*",
        "(?:a(?:b|c)?)*",
        r"(?:[^#]|#[^\n]*\n)*=",
        "[]*]x[^]+]",
        r"List|Dict|[*+]\*",
        "(a)?(b){3}c{x}",
        r"(?m:^a)*\(b\)+",
        "(a|b)",
    ],
)
def test_a_repeat_that_can_match_a_text_in_one_way_is_accepted(expression: str) -> None:
    re.compile(expression)
    assert exponential_repeat(expression) is None


@pytest.mark.parametrize(
    ("expression", "time"),
    [
        ("old", "linear"),
        ("a(?:b|c)d?", "linear"),
        (r"a\s*b\s*c", "quadratic"),
        (r"#[^#\r\nx]*x", "quadratic"),
        (r"[^\x80]*\x80", "quadratic"),
        ("a*b", "quadratic"),
        (r"(?:[^#=]|#[^\n]*\n)*=", "quadratic"),
        ("a{1,900}b", "quadratic"),
        (r"#[^\r\n]*x", "unbounded"),
        (r"\Aa|.*b", "unbounded"),
        ("(?=a*b)c", "unbounded"),
        (".*a.*b", "unbounded"),
        (".*a.*b.*c", "unbounded"),
        (r"\A.*a.*b", "unbounded"),
        (".{0,900}a.{0,900}b", "unbounded"),
        (r"\s*\n\s*x", "unbounded"),
        (r"\xc3*\xc3*x", "unbounded"),
        ("(a+)+", "unbounded"),
        ("(a|a)" * 20, "unbounded"),
        ("a?" * 20 + "b", "unbounded"),
        (r"(a+)x\1", "unbounded"),
        ("(?x)(a+) +b", "unbounded"),
    ],
)
def test_the_time_of_a_search_is_judged_by_its_form(expression: str, time: str) -> None:
    re.compile(expression.encode())
    assert search_time(expression) == time


@pytest.mark.parametrize("name", KNOWN_TRIGGERS)
def test_the_known_triggers_are_accepted(name: str) -> None:
    assert list(trigger_problems(KNOWN_TRIGGERS[name], "linter")) == []


def test_a_trigger_with_such_a_repeat_is_refused_with_its_line(tmp_path: Path, write_pattern: WritePattern) -> None:
    folder = write_pattern(tmp_path, "one", code="x = 1\n", trigger="\n  text: ['(a+)+$']")
    with pytest.raises(InputError, match=r"one/pattern\.yaml:\d+: '\(a\+\)\+' may take exponential time") as refused:
        read_pattern(folder)
    line = (folder / "pattern.yaml").read_text().splitlines()[(refused.value.line or 0) - 1]
    assert "text:" in line
    assert "match each text in one way" in refused.value.message

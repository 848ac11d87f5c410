from __future__ import annotations

import ast
import re
import time

import pytest

from pytest_orchestrator.pattern_engine.foreign.known_triggers import KNOWN_TRIGGERS
from pytest_orchestrator.pattern_engine.library.library import library_folders, load_library
from pytest_orchestrator.pattern_engine.trigger import ALWAYS, Trigger, is_transparent, trigger_problems
from tests.pins import ROOT

SHIPPED = load_library(library_folders(ROOT)).patterns
TRIGGERS = {**{pattern.id: pattern.trigger for pattern in SHIPPED}, **KNOWN_TRIGGERS}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"x = 1\n", True),
        (b"# coding: utf-8\n", True),
        (b"#!/bin/sh\n# -*- coding: latin-1 -*-\n", True),
        (b"# coding: utf-7\n", False),
        (b"#!/bin/sh\r# vim: set fileencoding=shift_jis :\r", False),
        (b"# coding: nonsense\n", False),
        (b"\n\n# coding: utf-7\n", True),  # on the third line it is a comment like any other
        (b"x = 1 # nothing\n", True),
    ],
)
def test_text_is_looked_for_only_where_bytes_show_it(data: bytes, expected: bool) -> None:
    assert is_transparent(data) is expected
    assert Trigger(text=("never there",)).may_match(data) is not expected


def test_any_text_is_enough_and_none_means_always() -> None:
    trigger = Trigger(text=("^a$", "b"))
    assert list(trigger.hits(b"x\na\nb\n")) == [(2, 3), (4, 5)]
    assert not trigger.may_match(b"xa\n")
    assert ALWAYS.may_match(b"")


def test_nodes_are_asked_for_by_their_kinds() -> None:
    trigger = Trigger(nodes=("Mod", "stmt"))
    assert trigger.may_match_kind(ast.Mod)
    assert trigger.may_match_kind(ast.Pass)
    assert not trigger.may_match_kind(ast.Add)


@pytest.mark.parametrize(
    ("trigger", "kind", "key"),
    [
        (Trigger(text=("(",)), "codemod", "text"),
        (Trigger(text=("\N{LATIN SMALL LETTER E WITH ACUTE}",)), "codemod", "text"),
        (Trigger(text=("a*",)), "codemod", "text"),
        (Trigger(text=("(?x)(a+) +b",)), "codemod", "text"),  # the space means nothing: it is `(a+)+b`
        (Trigger(text=("a(?x:b +c)",)), "codemod", "text"),
        (Trigger(text=("[[a]",)), "codemod", "text"),  # Python warns of it: what it means may change
        (Trigger(nodes=("Modulo",)), "codemod", "nodes"),
        (Trigger(nodes=("parse",)), "codemod", "nodes"),
        (Trigger(within="statement"), "codemod", "within"),
        (Trigger(text=("a",), within="statement"), "template", "within"),
        (Trigger(within="header"), "linter", "within"),
        (Trigger(text=("a",), within="top"), "linter", "within"),
    ],
)
def test_a_wrong_trigger_is_reported_with_its_key(trigger: Trigger, kind: str, key: str) -> None:
    assert [found for found, _ in trigger_problems(trigger, kind)] == [key]


def test_a_kind_of_node_in_other_letters_is_known() -> None:
    ((_, message),) = trigger_problems(Trigger(nodes=("functiondef",)), "linter")
    assert message == "Python's ast module has no node class 'functiondef': write 'FunctionDef'"


def test_a_right_trigger_has_no_problem() -> None:
    assert list(trigger_problems(Trigger(text=("a",), nodes=("Mod",), within="statement"), "codemod")) == []


def growth(expression: re.Pattern[bytes], text: bytes) -> float:
    """How much longer a search takes in a text that is twice as long: the best of several, 1 ms at least."""
    best = {1: float("inf"), 2: float("inf")}
    for factor in [1, 2] * 5:
        began = time.thread_time()
        expression.search(text * factor)
        best[factor] = min(best[factor], time.thread_time() - began)
    return best[2] / max(best[1], 0.001)


@pytest.mark.parametrize("name", TRIGGERS)
def test_known_triggers_are_searched_for_in_linear_time_on_a_line_of_one_character(name: str) -> None:
    for expression in TRIGGERS[name].text:
        compiled = re.compile(expression.encode(), re.MULTILINE)
        for character in (b"#", b" ", b"a", b"(", b'"', b"\\"):
            assert any(growth(compiled, character * 4_000) < 2.6 for _ in range(5)), (expression, character)


@pytest.mark.parametrize("name", TRIGGERS)
def test_known_triggers_are_quick_on_files_of_32_kb(name: str) -> None:
    assert TRIGGERS[name].is_quick_on(b"x" * (1 << 15))


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("old", 1 << 24, True),
        ("a*b", 1 << 15, True),
        ("a*b", 1 << 16, False),
        (".*a.*b.*c", 1, False),
    ],
)
def test_a_search_is_quick_by_its_form_and_the_size_of_the_file(text: str, length: int, expected: bool) -> None:
    assert Trigger(text=("old", text)).is_quick_on(b"x" * length) is expected
    assert Trigger(text=("old",)).is_quick_on(b"x" * length)


def test_a_slow_search_finds_the_same_as_a_quick_one() -> None:
    trigger = Trigger(text=("a.*b.*c", "b"))
    assert not trigger.is_quick_on(b"abc\nab\n")
    assert list(trigger.hits(b"abc\nab\n")) == [(0, 3), (1, 2), (5, 6)]

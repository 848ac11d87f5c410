from __future__ import annotations

import ast

import pytest

from pytest_orchestrator.pattern_engine.trigger import ALWAYS, Trigger, is_transparent, trigger_problems


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
        (Trigger(text=("[[a]",)), "codemod", "text"),  # Python warns of it: what it means may change
        (Trigger(nodes=("Modulo",)), "codemod", "nodes"),
        (Trigger(nodes=("parse",)), "codemod", "nodes"),
        (Trigger(within="statement"), "codemod", "within"),
        (Trigger(text=("a",), within="statement"), "template", "within"),
        (Trigger(within="header"), "linter", "within"),
        (Trigger(text=("a",), within="top"), "linter", "within"),
    ],
)
def test_a_wrong_trigger_is_told_by_its_key(trigger: Trigger, kind: str, key: str) -> None:
    assert [found for found, _ in trigger_problems(trigger, kind)] == [key]


def test_a_kind_of_node_in_other_letters_is_known() -> None:
    ((_, message),) = trigger_problems(Trigger(nodes=("functiondef",)), "linter")
    assert message == "Python's ast module has no node class 'functiondef': write 'FunctionDef'"


def test_a_right_trigger_has_no_problem() -> None:
    assert list(trigger_problems(Trigger(text=("a",), nodes=("Mod",), within="statement"), "codemod")) == []

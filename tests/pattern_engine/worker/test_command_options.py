from __future__ import annotations

import argparse
from typing import Any

import pytest
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand
from libcst.codemod.commands.add_trailing_commas import AddTrailingCommas
from libcst.codemod.commands.convert_type_comments import ConvertTypeComments
from libcst.codemod.commands.ensure_import_present import EnsureImportPresentCommand
from libcst.codemod.commands.rename import RenameCommand

from pytest_orchestrator.errors import PatternError
from pytest_orchestrator.pattern_engine.worker.command_options import with_options


class Choosy(VisitorBasedCodemodCommand):
    """Takes one of two words, and one more thing that its command line doesn't know."""

    def __init__(self, context: CodemodContext, way: str, depth: int = 1) -> None:
        super().__init__(context)
        self.way, self.depth = way, depth

    @staticmethod
    def add_args(parser: argparse.ArgumentParser) -> None:
        """Its one option."""
        parser.add_argument("--way", choices=["up", "down"], default="up")
        parser.add_argument("--quiet", default=argparse.SUPPRESS)


@pytest.mark.parametrize(
    ("command", "given", "expected"),
    [
        (RenameCommand, {"old_name": "a.b", "new_name": "c"}, {"old_name": "a.b", "new_name": "c"}),
        (EnsureImportPresentCommand, {"module": "a"}, {"module": "a", "entity": None, "alias": None}),
        (ConvertTypeComments, {"no_quote_annotations": "true"}, {"no_quote_annotations": True}),
        (ConvertTypeComments, {"no_quote_annotations": False}, {"no_quote_annotations": False}),
        (Choosy, {"depth": 3}, {"way": "up", "depth": 3}),
        (
            AddTrailingCommas,
            {"argument_count": "3"},
            {"formatter": "black", "parameter_count": None, "argument_count": 3},
        ),
    ],
)
def test_options_are_of_the_types_that_the_command_declares(command: Any, given: Any, expected: Any) -> None:
    assert with_options("it", command, given) == expected


@pytest.mark.parametrize(
    ("command", "given", "message"),
    [
        (RenameCommand, {}, r"it needs parameters: old_name \(.+\); new_name \(.+\)"),
        (RenameCommand, {"old_name": "a", "new_name": "b", "newname": "c"}, "no parameter 'newname'.*'new_name'"),
        (AddTrailingCommas, {"argument_count": "few"}, "expected a value of type int, found 'few'"),
        (ConvertTypeComments, {"no_quote_annotations": "perhaps"}, "expected true or false, found 'perhaps'"),
        (Choosy, {"way": "left"}, "expected one of up, down, found 'left'"),
    ],
)
def test_missing_unknown_and_wrong_options_are_errors(command: Any, given: Any, message: str) -> None:
    with pytest.raises(PatternError, match=message):
        with_options("it", command, given)

"""All of LibCST's own commands through the engine and through LibCST's own way: the same bytes.

Each command is tried on a part of the files of the four small pins, another part for each command. With
`PYTEST_ORCHESTRATOR_TEST_PINS=all` it is tried on all of them, unless it is very slow, and on a part of the other pins:
LibCST would need hours for the rest.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Any

import libcst.codemod.commands as stock
import pytest
from libcst.codemod import CodemodCommand

from pytest_orchestrator.pattern_engine.channel import WireCall
from pytest_orchestrator.pattern_engine.foreign.dotted_name import named_pattern
from pytest_orchestrator.pattern_engine.pattern import bind
from pytest_orchestrator.pattern_engine.results import Rejected
from pytest_orchestrator.pattern_engine.worker.loading import load
from pytest_orchestrator.pattern_engine.worker.running.rewriting import revise
from pytest_orchestrator.pattern_engine.worker.running.source import Text
from pytest_orchestrator.python_syntax import is_valid_python
from tests.pattern_engine.peers import OTHER_PINS, Plain, files_of
from tests.pins import ALL_PINS, SMALL_PINS

PARAMETERS: Mapping[str, Mapping[str, Any]] = {
    "EnsureImportPresentCommand": {"module": "collections.abc", "entity": "Mapping"},
    "RenameCommand": {"old_name": "os.path.join", "new_name": "pathlib.PurePath.joinpath"},
}
# One file in so many of the small pins, unless all pins are asked for, and of the others.
PART = 48
LARGE_PART = 60
# The command that is thirty renames in one takes minutes for a few files: it is tried on one in so many of those.
SLOW = {"RenameTypingGenericAliases": 6}


def commands() -> Iterator[type[CodemodCommand]]:
    for module in pkgutil.iter_modules(stock.__path__, stock.__name__ + "."):
        for _, found in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            own = found.__module__ == module.name
            if own and issubclass(found, CodemodCommand) and not inspect.isabstract(found):
                yield found


COMMANDS = list(commands())


def part(command: type[CodemodCommand], folder: Path) -> Iterator[Plain]:
    """The files that the command is tried on, without those that the engine leaves alone."""
    for pins, usual in ((SMALL_PINS, 1 if ALL_PINS else PART), (OTHER_PINS, LARGE_PART)):
        in_so_many = usual * SLOW.get(command.__name__, 1)
        files = chain.from_iterable(files_of(pin, folder) for pin in pins)
        for file in islice(files, COMMANDS.index(command) % in_so_many, None, in_so_many):
            if file.module is not None:
                yield file


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pins are laid out, once for all tests of a process."""
    return tmp_path_factory.mktemp("pins")


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_every_command_writes_what_libcst_does(command: type[CodemodCommand], folder: Path) -> None:
    given = PARAMETERS.get(command.__name__, {})
    loaded = load(WireCall.of(bind(named_pattern(f"{command.__module__}.{command.__name__}"), given)))
    tried = 0
    for file in part(command, folder):
        ours = revise(Text(path=file.path, data=file.data), loaded, root=file.root)
        expected = file.revised(command, loaded.parameters)
        if isinstance(expected, Exception):  # the engine says so
            assert isinstance(ours, Rejected), file.path
            assert (ours.reason, type(expected).__name__ in ours.message) == ("raised", True), file.path
        elif isinstance(ours, Rejected):  # LibCST writes what Python can't read
            assert ours.reason == "broken-output", f"{file.path}: {ours}"
            assert not is_valid_python(expected), file.path
        else:
            assert ours.data == expected, file.path
        tried += 1
    assert tried

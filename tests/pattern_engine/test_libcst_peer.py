"""All of LibCST's own commands through the engine and through LibCST's own way: the same bytes.

Each command is tried on a part of the files of the four small pins, another part for each command, and with
`PYTEST_ORCHESTRATOR_TEST_PINS=all` on all files of all pins in the store. LibCST needs minutes for what is not tried.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import libcst as cst
import libcst.codemod.commands as stock
import pytest
from libcst.codemod import CodemodCommand, CodemodContext, SkipFile
from libcst.helpers import calculate_module_and_package

from pytest_orchestrator.pattern_engine.adopted.dotted import named_pattern
from pytest_orchestrator.pattern_engine.channel import WireCall
from pytest_orchestrator.pattern_engine.loading import load
from pytest_orchestrator.pattern_engine.pattern import bind
from pytest_orchestrator.pattern_engine.results import Rejected
from pytest_orchestrator.pattern_engine.rewriting import Text, revise
from pytest_orchestrator.pattern_engine.syntax import is_valid_python
from pytest_orchestrator.pattern_engine.transform import Source
from tests.pattern_engine.peers import ALL_PINS, PINS, files_of

PARAMETERS: Mapping[str, Mapping[str, Any]] = {
    "EnsureImportPresentCommand": {"module": "collections.abc", "entity": "Mapping"},
    "RenameCommand": {"old_name": "os.path.join", "new_name": "pathlib.PurePath.joinpath"},
}
# One file in so many. The command that is thirty renames in one takes minutes for a few files.
PART = {"RenameTypingGenericAliases": 140}
USUAL_PART = 24


def commands() -> Iterator[type[CodemodCommand]]:
    for module in pkgutil.iter_modules(stock.__path__, stock.__name__ + "."):
        for _, found in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            own = found.__module__ == module.name
            if own and issubclass(found, CodemodCommand) and not inspect.isabstract(found):
                yield found


COMMANDS = list(commands())


def theirs(
    command: type[CodemodCommand], parameters: Mapping[str, Any], root: Path, path: str, data: bytes
) -> bytes | Exception:
    """What LibCST makes of the file, or how it crashes."""
    names = calculate_module_and_package(root, root / path)
    context = CodemodContext(filename=str(root / path), full_module_name=names.name, full_package_name=names.package)
    module = cst.parse_module(data)
    try:
        return command(context, **parameters).transform_module(module).bytes
    except SkipFile:
        return data
    except Exception as error:
        return error


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Text]]:
    """The files that the engine doesn't leave alone, with the roots of their packages."""
    folder = tmp_path_factory.mktemp("pins")
    found = [(root, Text(path=path, data=data)) for pin in PINS for root, path, data in files_of(pin, folder)]
    return [(root, text) for root, text in found if isinstance(text.source, Source) and not text.source.unfaithful]


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_every_command_writes_what_libcst_does(
    command: type[CodemodCommand], texts: Sequence[tuple[Path, Text]]
) -> None:
    given = PARAMETERS.get(command.__name__, {})
    loaded = load(WireCall.of(bind(named_pattern(f"{command.__module__}.{command.__name__}"), given)))
    step = 1 if ALL_PINS else PART.get(command.__name__, USUAL_PART)
    part = texts[COMMANDS.index(command) :: step]
    for root, text in part:
        ours = revise(text, loaded, root=root)
        expected = theirs(command, loaded.parameters, root, text.path, text.data)
        if isinstance(expected, Exception):  # the engine says so
            assert isinstance(ours, Rejected), text.path
            assert (ours.reason, type(expected).__name__ in ours.message) == ("raised", True), text.path
        elif isinstance(ours, Rejected):  # LibCST writes what Python can't read
            assert ours.reason == "broken-output", f"{text.path}: {ours}"
            assert not is_valid_python(expected), text.path
        else:
            assert ours.data == expected, text.path
    assert part

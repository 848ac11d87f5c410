"""Loads a pattern's class from its entry. This imports and runs the pattern's code, so it happens in a worker only."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from libcst.codemod import CodemodCommand, CodemodContext
from libcst.metadata import FullyQualifiedNameProvider, QualifiedNameProvider, ScopeProvider

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.errors import PatternError
from pytest_orchestrator.pattern_engine.channel import WireCall
from pytest_orchestrator.pattern_engine.pattern import METADATA_FILE
from pytest_orchestrator.pattern_engine.worker.command_options import with_options
from pytest_orchestrator.pattern_engine.worker.exception_report import describe
from pytest_orchestrator.pattern_engine.worker.fixit_rules import fix_class, is_rule, linter_class
from pytest_orchestrator.pattern_engine.worker.linter import Linter
from pytest_orchestrator.pattern_engine.worker.visiting.construction import LoadedPattern, prepare_class


def load(call: WireCall) -> LoadedPattern:
    """The class that a call's entry names, with its parameters.

    Raises:
        PatternError: importing it fails, there is no such class, it is of the wrong kind, or takes other parameters.
    """
    source, _, class_name = call.entry.partition(":")
    home = _home(call, source)
    try:
        module = importlib.import_module(_module_name(call, source))
        found: Any = getattr(module, class_name, None)
    except BaseException as error:
        absent = error.name if isinstance(error, ModuleNotFoundError) else None
        elsewhere = f"{_entry_fix(call)}, or put the module's folder into PYTHONPATH"
        fix = "pip install fixit" if absent == "fixit" else elsewhere if absent == source else ""
        raise PatternError(f"pattern {call.id!r} can't be loaded: {describe(error, home)}", fix=fix) from error
    if is_rule(found):
        found = (linter_class if call.kind == "linter" else fix_class)(found)
    wanted = Linter if call.kind == "linter" else CodemodCommand
    location = f"{home.parent.name}/{home.name}/{source}" if source.endswith(".py") else source
    if found is None:
        values = vars(module).items()
        names = [name for name, value in values if isinstance(value, type) and value.__module__ == module.__name__]
        raise PatternError(
            f"pattern {call.id!r}: {location} has no class {class_name!r}: {did_you_mean(class_name, names)}",
            fix=_entry_fix(call),
        )
    if not (isinstance(found, type) and issubclass(found, wanted)):
        if call.folder is not None and isinstance(found, type) and issubclass(found, (Linter, CodemodCommand)):
            kind = "linter" if issubclass(found, Linter) else "codemod"
            raise PatternError(
                f"pattern {call.id!r}: {class_name} in {location} is a {kind}, and pattern.yaml says kind: {call.kind}",
                fix=f"write kind: {kind}, or derive the class from the base class of a {call.kind}",
            )
        raise PatternError(f"pattern {call.id!r}: {class_name} in {location} is no {_WANTED[wanted]}")
    if inspect.isabstract(found):
        missing = ", ".join(sorted(getattr(found, "__abstractmethods__", ())))
        raise PatternError(f"pattern {call.id!r}: {class_name} is abstract: it lacks {missing}")
    _refuse_whole_file_metadata(call, found)
    parameters = dict(call.parameters)
    if call.folder is None and issubclass(found, CodemodCommand):
        parameters = with_options(call.id, found, parameters)
    if issubclass(found, CodemodCommand):
        prepare_class(found)
    _check_signature(call, found, parameters)
    return LoadedPattern(
        id=call.id,
        entry_class=found,
        parameters=parameters,
        minimum_python=call.minimum_python,
        home=_origin(module, home),
        trigger=call.trigger,
    )


def _entry_fix(call: WireCall) -> str:
    """How to correct an entry that names nothing."""
    if call.folder is None:
        return "correct the name"
    folder = Path(call.folder)
    return f"correct `entry` in {folder.parent.name}/{folder.name}/{METADATA_FILE}"


_WANTED: Mapping[type, str] = {
    Linter: "linter: derive it from pytest_orchestrator.api.patterns.Linter",
    CodemodCommand: "codemod: derive it from libcst.codemod.VisitorBasedCodemodCommand",
}


def _refuse_whole_file_metadata(call: WireCall, found: Any) -> None:
    """Refuse a pattern that sees only slices of files and asks for metadata that needs whole files."""
    if call.folder is None or call.trigger.within == "file":
        return
    asked = getattr(found, "rule_class", found).get_inherited_dependencies()
    refused = sorted(provider.__name__ for provider in asked if provider in _OF_WHOLE_FILES)
    if refused:
        raise PatternError(
            f"pattern {call.id!r} asks for {refused[0]}, which needs whole files, and its trigger limits it to parts"
            f" (within: {call.trigger.within})",
            fix="use pytest_orchestrator.api.patterns.read_scopes, or remove `within` from pattern.yaml",
        )


_OF_WHOLE_FILES = (ScopeProvider, QualifiedNameProvider, FullyQualifiedNameProvider)


def _module_name(call: WireCall, source: str) -> str:
    """The importable name of the entry's module; a pattern's folder becomes a package with a private name."""
    if not source.endswith(".py") or call.folder is None:
        return source
    name = f"_pattern_{call.id.replace('-', '_')}_{call.digest[:16]}"
    if name not in sys.modules:
        package = ModuleType(name)
        package.__path__ = [call.folder]
        sys.modules[name] = package
        # A module written within the same second as the folder was last listed would not be seen.
        importlib.invalidate_caches()
    return f"{name}.{source.removesuffix('.py')}"


def _home(call: WireCall, source: str) -> Path:
    return Path(call.folder) if call.folder is not None else Path(f"{source.rpartition('.')[2]}.py")


def _origin(module: ModuleType, home: Path) -> Path:
    """The file of a LibCST command, so that its lines can be distinguished from LibCST's."""
    return home if home.is_dir() or not module.__file__ else Path(module.__file__)


def _check_signature(call: WireCall, found: type, parameters: Mapping[str, Any]) -> None:
    arguments = () if call.kind == "linter" else (CodemodContext(),)
    try:
        inspect.signature(found).bind(*arguments, **parameters)
    except TypeError as error:
        given = ", ".join(sorted(parameters)) or "none"
        raise PatternError(
            f"pattern {call.id!r}: {found.__name__} does not take these parameters ({given}): {error}",
            fix=f"pass parameters that it accepts: --set {call.id}.NAME=VALUE"
            if call.folder is None
            else "declare the parameters of the class's __init__ in pattern.yaml, under the same names",
        ) from error

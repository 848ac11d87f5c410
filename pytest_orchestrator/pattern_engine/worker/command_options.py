"""The options that a LibCST command declares for LibCST's own command line, as parameters of a pattern."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Mapping
from typing import Any

from libcst.codemod import CodemodCommand

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.errors import PatternError

_FLAGS: Mapping[str, bool] = {"true": True, "false": False}


def with_options(name: str, command: type[CodemodCommand], given: Mapping[str, Any]) -> dict[str, Any]:
    """`given` converted to the command's own types, with defaults for the options that are not given.

    `name` is the command's dotted name, for messages.

    Raises:
        PatternError: a required option is missing, or a given one is unknown or of the wrong type.
    """
    options = _options(command)
    known = [*options, *_arguments(command)]
    for key in given:
        if key not in known:
            raise PatternError(f"{name} has no parameter {key!r}: {did_you_mean(key, known)}")
    if missing := [key for key, option in options.items() if option.required and key not in given]:
        needs = "; ".join(f"{key} ({_description(options[key])})" for key in missing)
        settings = " ".join(f"--set {name}.{key}=..." for key in missing)
        raise PatternError(f"{name} needs parameters: {needs}", fix=f"add {settings}")
    defaults = {
        key: option.default
        for key, option in options.items()
        if not option.required and option.default is not argparse.SUPPRESS
    }
    return {**defaults, **{key: _typed(name, key, options.get(key), value) for key, value in given.items()}}


def _options(command: Any) -> Mapping[str, argparse.Action]:
    parser = argparse.ArgumentParser(add_help=False)
    command.add_args(parser)
    return {action.dest: action for action in parser._actions}


def _arguments(command: type) -> list[str]:
    """The names of the arguments that the class takes besides the context."""
    taken = list(inspect.signature(command).parameters.values())[1:]
    return [item.name for item in taken if item.kind in (item.POSITIONAL_OR_KEYWORD, item.KEYWORD_ONLY)]


def _description(option: argparse.Action) -> str:
    return " ".join((option.help or "it has no description").split())


def _typed(name: str, key: str, option: argparse.Action | None, value: Any) -> Any:
    """The value as the option's own type, when it comes as text from a command line."""
    if option is None or not isinstance(value, str):
        return value
    try:
        if option.nargs == 0:
            return _FLAGS[value]
        typed = option.type(value) if callable(option.type) else value
    except (ValueError, TypeError, KeyError, argparse.ArgumentTypeError) as error:
        expected = "true or false" if option.nargs == 0 else f"a value of type {getattr(option.type, '__name__', '')}"
        raise PatternError(f"parameter {key!r} of {name}: expected {expected}, found {value!r}") from error
    if option.choices is not None and typed not in option.choices:
        expected = ", ".join(map(str, option.choices))
        raise PatternError(f"parameter {key!r} of {name}: expected one of {expected}, found {value!r}")
    return typed

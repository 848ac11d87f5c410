"""The values that the pattern tools return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.pattern_engine.library.library import pattern_text
from pytest_orchestrator.pattern_engine.pattern import Pattern


@dataclass(frozen=True, kw_only=True)
class PatternSummary:
    """A pattern in the list of the library."""

    id: str
    kind: Literal["codemod", "linter", "template"]
    title: str
    tags: tuple[str, ...]
    safety: Literal["safe", "unsafe"]


@dataclass(frozen=True, kw_only=True)
class PatternList:
    """What patterns.list returns."""

    patterns: tuple[PatternSummary, ...]


@dataclass(frozen=True, kw_only=True)
class PatternDetail(PatternSummary):
    """What patterns.show returns."""

    description: str
    minimum_python: str
    entry: str
    digest: str
    parameters: Mapping[str, Any]
    """A JSON Schema of the object that the tools take as this pattern's parameters."""
    readme: str


def summary(pattern: Pattern) -> PatternSummary:
    """The pattern as an entry of a list."""
    return PatternSummary(**_shared(PatternSummary, pattern))


def detail(pattern: Pattern) -> PatternDetail:
    """The pattern with its parameters and its README, which is read from disk."""
    own = {"parameters": parameters_schema(pattern), "readme": pattern_text(pattern, "README.md")}
    return PatternDetail(**{**_shared(PatternDetail, pattern), **own})


def _shared(kind: type[PatternSummary], pattern: Pattern) -> dict[str, Any]:
    """The values of the fields that `kind` has in common with a pattern."""
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in vars(pattern).items() if name in names}


def parameters_schema(pattern: Pattern) -> dict[str, Any]:
    """The JSON Schema of an object of the pattern's parameters. A LibCST command's parameters are not known here."""
    return {
        "type": "object",
        "properties": {name: encode(parameter) for name, parameter in pattern.parameters.items()},
        "required": [name for name, parameter in pattern.parameters.items() if parameter.default is None],
        "additionalProperties": pattern.folder is None,
    }

"""The values that the pattern tools return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from pytest_orchestrator.pattern_engine.library.library import pattern_text
from pytest_orchestrator.pattern_engine.pattern import Pattern


@dataclass(frozen=True, kw_only=True)
class PatternSummary:
    """A pattern in the list of the library."""

    id: str
    kind: Literal["codemod", "linter", "template"]
    title: str
    description: str
    tags: tuple[str, ...]
    safety: Literal["safe", "unsafe"]


@dataclass(frozen=True, kw_only=True)
class PatternList:
    """What patterns.list returns."""

    patterns: tuple[PatternSummary, ...]


@dataclass(frozen=True, kw_only=True)
class PatternDetail(PatternSummary):
    """What patterns.show returns."""

    minimum_python: str
    entry: str
    digest: str
    parameters: Mapping[str, Any]
    """A JSON Schema of the object that the tools take as this pattern's parameters."""
    readme: str


def summary(pattern: Pattern) -> PatternSummary:
    """The pattern as an entry of a list."""
    return PatternSummary(**{form.name: getattr(pattern, form.name) for form in fields(PatternSummary)})


def detail(pattern: Pattern) -> PatternDetail:
    """The pattern with its parameters and its README, which is read from disk."""
    return PatternDetail(
        **vars(summary(pattern)),
        minimum_python=pattern.minimum_python,
        entry=pattern.entry,
        digest=pattern.digest,
        parameters=parameters_schema(pattern),
        readme=pattern_text(pattern, "README.md"),
    )


def parameters_schema(pattern: Pattern) -> dict[str, Any]:
    """The JSON Schema of an object of the pattern's parameters. A LibCST command's parameters are not known here."""
    parameters = pattern.parameters
    properties: dict[str, Any] = {}
    for name, parameter in parameters.items():
        properties[name] = {"type": parameter.type, "description": parameter.description}
        if parameter.default is not None:
            properties[name]["default"] = parameter.default
        if parameter.enum is not None:
            properties[name]["enum"] = list(parameter.enum)
    required = [name for name, parameter in parameters.items() if parameter.default is None]
    stock = pattern.folder is None
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": stock}

"""What is wrong with data that is not of its format, as `jsonschema` finds it, in the words of our messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

import jsonschema
from jsonschema.exceptions import ValidationError

from pytest_orchestrator.codec.decode import parse_date, parse_time
from pytest_orchestrator.codec.schema import Schema, schema_of
from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.codec.yaml import Key, YamlDocument
from pytest_orchestrator.display import shorten
from pytest_orchestrator.errors import InputError

_FORMATS = jsonschema.FormatChecker(formats=())


@_FORMATS.checks("date")
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or parse_date(value) is not None


@_FORMATS.checks("date-time")
def _is_time(value: object) -> bool:
    return not isinstance(value, str) or parse_time(value) is not None


def _is_integer(_checker: object, value: object) -> bool:
    # JSON Schema takes 3.0 for an integer; in a file that people write it is a slip.
    return type(value) is int


_Validator: Any = jsonschema.validators.extend(  # type: ignore[no-untyped-call]  # not in the stubs
    jsonschema.Draft202012Validator,
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)


def explain(kind: Any, document: YamlDocument, *, path: str, read_apart: tuple[str, ...] = ()) -> InputError:
    """The error for a document that is not of type `kind`: what is wrong first, with file, line, key and advice."""
    return explain_all(kind, document, path=path, read_apart=read_apart)[0]


def explain_all(
    kind: Any, document: YamlDocument, *, path: str, read_apart: tuple[str, ...] = ()
) -> tuple[InputError, ...]:
    """Everything that is wrong with a document that is not of type `kind`, unknown keys first; at least one error.

    A key that is missing because it is misspelt is not named a second time.
    """
    found: dict[str, InputError] = {}
    for error in sorted(_validator(kind).iter_errors(document.data), key=_urgency):
        for key, problem, unknown, known in _mistakes(_deepest(error)):
            line = document.line((*key, unknown) if unknown is not None else key) if document.lines else None
            where = ".".join(str(part) for part in key)
            if unknown is not None:
                inside = f" in {where!r}" if where else ""
                hint = did_you_mean(unknown, known if key else (*known, *read_apart))
                message, fix = f"unknown key {unknown!r}{inside}: {hint}", "remove the key or correct its name"
            else:
                message = f"{where}: {problem}" if where else problem
                fix = _advice(problem, where)
            found.setdefault(message, InputError(message, path=path, line=line, fix=fix))
    for message in tuple(found):
        for missing in re.findall(r"did you mean ('[^']*')\?", message):
            found.pop(f"the key {missing} is missing", None)
    fallback = InputError("does not match its schema", path=path, line=document.line(()), fix="correct the file")
    return tuple(found.values()) or (fallback,)


def _advice(problem: str, where: str) -> str:
    if problem.endswith("is missing"):
        return "add it"
    return "put the value in quotes" if "expected string, found" in problem else f"correct {where or 'the file'}"


def _mistakes(error: ValidationError) -> Iterator[tuple[Key, str, str | None, tuple[str, ...]]]:
    """What is wrong: the key, a sentence, and for an unknown key its name and the known ones."""
    key = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        known = tuple(cast("Schema", error.schema).get("properties", ()))
        for name in cast("Schema", error.instance):
            if name not in known:
                yield key, "", str(name), known
    elif error.validator == "required":
        for name in cast("list[str]", error.validator_value):
            if name not in cast("Schema", error.instance):
                yield key, f"the key {name!r} is missing", None, ()
    else:
        yield key, _sentence(error), None, ()


def _urgency(error: ValidationError) -> tuple[bool, list[str]]:
    """The sort key: unknown keys come first, because a misspelt key explains a missing one."""
    return error.validator != "additionalProperties", [str(part) for part in error.absolute_path]


@cache
def _validator(kind: Any) -> Any:
    return _Validator(schema_of(kind, title="data"), format_checker=_FORMATS)


def _deepest(error: ValidationError) -> ValidationError:
    """Inside a union, the error of the one alternative that the data can mean, by its `kind` or its type."""
    while error.context:
        alternatives: dict[Any, list[ValidationError]] = {}
        for inner in error.context:
            alternatives.setdefault(inner.relative_schema_path[0], []).append(inner)
        chosen = [errors for errors in alternatives.values() if not any(map(_is_other_kind, errors))]
        if len(chosen) != 1:
            break
        error = min(chosen[0], key=_urgency)
    return error


def _is_other_kind(error: ValidationError) -> bool:
    wrong_type = error.validator == "type" and not error.relative_path
    return wrong_type or (error.validator == "const" and list(error.relative_path) == ["kind"])


def _sentence(error: ValidationError) -> str:
    value = _excerpt(error.instance)
    expected: Any = error.validator_value
    match error.validator:
        case "type":
            return f"expected {_types(expected)}, found {value}"
        case "enum":
            return f"expected one of {', '.join(map(str, expected))}, found {value}"
        case "const":
            return f"expected {expected!r}, found {value}"
        case "pattern":
            return f"expected text that matches {expected}, found {value}"
        case "format" if expected == "date":
            return f"expected a date as YYYY-MM-DD, found {value}"
        case "oneOf" | "anyOf":
            return f"expected {_alternatives(error)}, found {value}"
        case "minItems" | "minLength":
            return "must not be empty"
        case "uniqueItems":
            return "contains the same item twice"
        case _:
            return str(error.message)


def _alternatives(error: ValidationError) -> str:
    """The `kind`s, types or formats that are allowed."""
    words = []
    for inner in error.context or ():
        if inner.validator in ("const", "type", "format"):
            expected: Any = inner.validator_value
            words.append(f"kind {expected!r}" if inner.validator == "const" else _types(expected))
    return " or ".join(dict.fromkeys(words)) or "another shape"


def _types(expected: str | list[str]) -> str:
    """Types of JSON Schema by their names in YAML."""
    names = [expected] if isinstance(expected, str) else expected
    return " or ".join({"object": "mapping", "array": "list"}.get(name, name) for name in names)


def _excerpt(value: Any) -> str:
    if value is None:
        return "nothing"
    return shorten(repr(value))

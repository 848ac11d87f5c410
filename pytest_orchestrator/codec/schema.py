"""JSON Schema (draft 2020-12) out of the dataclasses, and what `jsonschema` says of data that doesn't fit."""

from __future__ import annotations

import inspect
import types
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

import jsonschema
from jsonschema.exceptions import ValidationError

from pytest_orchestrator.codec.decode import field_formats, parse_date, parse_time, union_kinds
from pytest_orchestrator.codec.yaml import Key

Schema = dict[str, Any]

_SCALARS: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    None: {"type": "null"},
    types.NoneType: {"type": "null"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
}

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


def schema_of(kind: Any, *, title: str) -> Schema:
    """The JSON Schema of a dataclass's file format, self-contained."""
    definitions: dict[str, Schema] = {}
    body = _schema(kind, definitions)
    reference = body.pop("$ref", None)
    if reference is not None:
        body = definitions.pop(reference.rpartition("/")[2])
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return {**head, **body, **({"$defs": definitions} if definitions else {})}


def first_error(kind: Any, data: Any) -> tuple[Key, str, str | None, tuple[str, ...]]:
    """What is wrong first: the key, a sentence, and for an unknown key its name and the known ones."""
    errors = sorted(_validator(kind).iter_errors(data), key=_urgency)
    if not errors:
        return (), "does not fit its format", None, ()
    error = _deepest(errors[0])
    key = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        known = tuple(cast("Schema", error.schema).get("properties", ()))
        return key, "", next(str(name) for name in cast("Schema", error.instance) if name not in known), known
    return key, _sentence(error), None, ()


def _urgency(error: ValidationError) -> tuple[bool, list[str]]:
    """Unknown keys come first: a misspelt key explains the missing one."""
    return error.validator != "additionalProperties", [str(part) for part in error.absolute_path]


@cache
def _validator(kind: Any) -> Any:
    return _Validator(schema_of(kind, title="data"), format_checker=_FORMATS)


def _deepest(error: ValidationError) -> ValidationError:
    """Inside a union, the complaint of the alternative that the data chose by its `kind`, or that came nearest."""
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
    value = _shown(error.instance)
    expected: Any = error.validator_value
    match error.validator:
        case "required":
            missing = [name for name in expected if name not in cast("Schema", error.instance)]
            return f"the key {missing[0]!r} is missing"
        case "type":
            return f"expected {expected if isinstance(expected, str) else ' or '.join(expected)}, found {value}"
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
            return "holds the same item twice"
        case _:
            return str(error.message)


def _alternatives(error: ValidationError) -> str:
    """The `kind`s, types or formats that would have fitted."""
    words = []
    for inner in error.context or ():
        if inner.validator in ("const", "type", "format"):
            expected: Any = inner.validator_value
            words.append(f"kind {expected!r}" if inner.validator == "const" else str(expected))
    return " or ".join(dict.fromkeys(words)) or "another shape"


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def _schema(annotation: Any, definitions: dict[str, Schema]) -> Schema:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation is Any:
        return {}
    if annotation in _SCALARS:
        return dict(_SCALARS[annotation])
    if is_dataclass(annotation):
        return _reference(annotation, definitions)
    if origin is Annotated:
        return {**_schema(arguments[0], definitions), **arguments[1].keywords()}
    if origin is Literal:
        return {"const": arguments[0]} if len(arguments) == 1 else {"enum": list(arguments)}
    if origin in (Union, types.UnionType):
        chosen = "oneOf" if union_kinds(arguments) else "anyOf"
        return {chosen: [_schema(option, definitions) for option in arguments]}
    if origin is tuple:
        return {"type": "array", "items": _schema(arguments[0], definitions)}
    return {"type": "object", "additionalProperties": _schema(arguments[1], definitions)}


def _reference(kind: Any, definitions: dict[str, Schema]) -> Schema:
    name = kind.__name__
    if name not in definitions:
        definitions[name] = {}
        forms = field_formats(kind)
        definitions[name] = {
            "description": inspect.cleandoc(kind.__doc__ or ""),
            "type": "object",
            "properties": {form.key: _schema(form.annotation, definitions) for form in forms},
            "required": [form.key for form in forms if form.required],
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{name}"}

"""JSON Schema (draft 2020-12) generated from the dataclasses of the file formats."""

from __future__ import annotations

import inspect
import types
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pytest_orchestrator.codec.decode import field_formats, union_kinds

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


def schema_of(kind: Any, *, title: str) -> Schema:
    """The JSON Schema of a dataclass's file format, self-contained."""
    definitions: dict[str, Schema] = {}
    body = _schema(kind, definitions)
    reference = body.pop("$ref", None)
    if reference is not None:
        body = definitions.pop(reference.rpartition("/")[2])
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return {**head, **body, **({"$defs": definitions} if definitions else {})}


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

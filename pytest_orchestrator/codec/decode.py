"""Frozen dataclasses to and from JSON-shaped data.

A field's annotation is its format. Supported are `str`, `int`, `float`, `bool`, `None`, `Any`, `date`, aware
`datetime`, `Literal`, `tuple[T, ...]`, `Mapping[str, T]`, unions, other dataclasses, and `Annotated[T, Limit(...)]`.
The dataclasses of a union are distinguished by their `kind: Literal[...]` field.
A key that is not a Python name is given by `field(metadata={"key": "the-key"})`.

Reading is two steps: a fast builder that refuses without a reason, and then `jsonschema`, which finds the reason
(`codec.explain`). A test checks that the two agree.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from pytest_orchestrator.codec.yaml import YamlDocument, load_yaml

T = TypeVar("T")

_Builder = Callable[[Any], Any]


@dataclass(frozen=True, kw_only=True)
class Limit:
    """Constraints on a field's values beyond their type, named as in JSON Schema; `pattern` is not anchored."""

    pattern: str | None = None
    min_length: int | None = None
    min_items: int | None = None
    unique_items: bool | None = None
    minimum: int | None = None
    maximum: int | None = None

    def keywords(self) -> dict[str, Any]:
        """The limit as JSON Schema keywords."""
        given = {name: value for name, value in vars(self).items() if value is not None}
        return {re.sub("_(.)", lambda found: found[1].upper(), name): value for name, value in given.items()}


class _MismatchError(Exception):
    """The data isn't of the type; `codec.explain` finds the reason."""


@dataclass(frozen=True, kw_only=True)
class FieldFormat:
    """One key of a dataclass's file format."""

    name: str
    key: str
    annotation: Any
    required: bool


def decode(kind: type[T], document: YamlDocument, *, path: str, read_apart: tuple[str, ...] = ()) -> T:
    """The value of type `kind` that `document` holds. `read_apart` are keys that the caller removed from it before.

    Raises:
        InputError: with file, line, key and what was expected; unknown keys come with a "did you mean".
    """
    try:
        value: T = _builder(cast("Any", kind))(document.data)
    except _MismatchError as mismatch:
        # jsonschema costs 0.1 s to import: only a file that is wrong pays for it.
        from pytest_orchestrator.codec.explain import explain

        raise explain(kind, document, path=path, read_apart=read_apart) from mismatch
    return value


def decode_json(kind: type[T], data: Any, *, path: str) -> T:
    """The value of type `kind` that JSON-shaped `data` holds; like `decode`, without lines."""
    return decode(kind, YamlDocument(data, {}), path=path)


def read_yaml(kind: type[T], text: str, *, path: str) -> T:
    """The value of type `kind` that a YAML text holds; like `decode`."""
    return decode(kind, load_yaml(text, path=path), path=path)


def encode(value: Any) -> Any:
    """JSON-shaped data that `decode` reads back as `value`; fields that hold their default `None` are left out."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            form.key: encode(item)
            for form in field_formats(cast("Any", type(value)))
            if (item := getattr(value, form.name)) is not None or form.required
        }
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    return value


@cache
def field_formats(kind: Any) -> tuple[FieldFormat, ...]:
    """The keys of a dataclass's file format, in the order of its fields."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(
        FieldFormat(
            name=item.name,
            key=item.metadata.get("key", item.name),
            annotation=hints[item.name],
            required=item.default is MISSING and item.default_factory is MISSING,
        )
        for item in fields(kind)
    )


def union_kinds(options: Iterable[Any]) -> Mapping[str, Any] | None:
    """The dataclasses of a union by the value of their `kind` field, or None for any other union."""
    found: dict[str, Any] = {}
    for option in options:
        if not is_dataclass(option):
            return None
        annotation = next((form.annotation for form in field_formats(cast("Any", option)) if form.key == "kind"), None)
        if get_origin(annotation) is not Literal:
            return None
        found[get_args(annotation)[0]] = option
    return found


def parse_date(text: str) -> date | None:
    """The date that `YYYY-MM-DD` spells, and None for anything else (RFC 3339, `full-date`)."""
    return _parse(date.fromisoformat, r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)


def parse_time(text: str) -> datetime | None:
    """The moment that an RFC 3339 `date-time` with an offset spells, and None for anything else."""
    pattern = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2})"
    return _parse(datetime.fromisoformat, pattern, text)


def _parse(read: Callable[[str], T], pattern: str, text: str) -> T | None:
    if re.fullmatch(pattern, text) is None:
        return None
    try:
        return read(text)
    except ValueError:
        return None


@cache
def _builder(annotation: Any) -> _Builder:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    if is_dataclass(annotation):
        return _dataclass_builder(annotation)
    if origin is Annotated:
        return _limited_builder(_builder(arguments[0]), arguments[1])
    if origin is Literal:
        return _literal_builder(arguments)
    if origin in (Union, types.UnionType):
        return _union_builder(arguments)
    if origin is tuple:
        build_item = _builder(arguments[0])
        return _typed(list, lambda data: tuple([build_item(item) for item in data]))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        build_value = _builder(arguments[1])
        return _typed(dict, lambda data: {key: build_value(item) for key, item in data.items()})
    raise TypeError(f"no file format is defined for {annotation!r}")


def _typed(kind: type, convert: _Builder | None = None) -> _Builder:
    """A builder of data that is exactly of the type, and then converted."""

    def build(data: Any) -> Any:
        if type(data) is not kind:
            raise _MismatchError
        return data if convert is None else convert(data)

    return build


def _given(value: Any) -> Any:
    if value is None:
        raise _MismatchError
    return value


def _float(data: Any) -> float:
    if type(data) is not float and type(data) is not int:
        raise _MismatchError
    return float(data)


_SCALARS: Mapping[Any, _Builder] = {
    Any: lambda data: data,
    str: _typed(str),
    int: _typed(int),
    float: _float,
    bool: _typed(bool),
    None: _typed(types.NoneType),
    types.NoneType: _typed(types.NoneType),
    date: _typed(str, lambda text: _given(parse_date(text))),
    datetime: _typed(str, lambda text: _given(parse_time(text))),
}


def _dataclass_builder(kind: Any) -> _Builder:
    forms = field_formats(kind)
    builders = {form.key: (form.name, _builder(form.annotation)) for form in forms}
    required = frozenset(form.key for form in forms if form.required)

    def build(data: Any) -> Any:
        if type(data) is not dict or not data.keys() >= required:
            raise _MismatchError
        arguments = {}
        for key, item in data.items():
            if key not in builders:
                raise _MismatchError
            name, build_item = builders[key]
            arguments[name] = build_item(item)
        return kind(**arguments)

    return build


def _limited_builder(build_inner: _Builder, limit: Limit) -> _Builder:
    pattern = None if limit.pattern is None else re.compile(limit.pattern)
    at_least = max(limit.min_length or 0, limit.min_items or 0)

    def build(data: Any) -> Any:
        value = build_inner(data)
        if pattern is not None and pattern.search(data) is None:
            raise _MismatchError
        if at_least and len(data) < at_least:
            raise _MismatchError
        if (limit.minimum is not None and data < limit.minimum) or (limit.maximum is not None and data > limit.maximum):
            raise _MismatchError
        if limit.unique_items and any(item in data[:index] for index, item in enumerate(data)):
            raise _MismatchError
        return value

    return build


def _literal_builder(values: tuple[Any, ...]) -> _Builder:
    def build(data: Any) -> Any:
        if not any(data == value and type(data) is type(value) for value in values):
            raise _MismatchError
        return data

    return build


def _union_builder(options: tuple[Any, ...]) -> _Builder:
    kinds = union_kinds(options)
    if kinds is not None:
        tagged = {tag: _builder(option) for tag, option in kinds.items()}

        def build_tagged(data: Any) -> Any:
            tag = data.get("kind") if type(data) is dict else None
            if type(tag) is not str or tag not in tagged:
                raise _MismatchError
            return tagged[tag](data)

        return build_tagged
    builders = [_builder(option) for option in options]

    def build(data: Any) -> Any:
        for build_option in builders:
            try:
                return build_option(data)
            except _MismatchError:
                continue
        raise _MismatchError

    return build

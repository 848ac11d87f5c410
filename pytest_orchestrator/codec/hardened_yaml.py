"""Reading YAML from PyYAML's parser events, where aliases, tags and duplicate keys are still visible.

Importing PyYAML costs 15 ms, so this module is imported only when there is YAML to read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from pytest_orchestrator.codec.yaml import Key
from pytest_orchestrator.errors import InputError

# PyYAML's wheels have libyaml's parser. Without it the Python one gives the same events, more slowly.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_VALUES = 1_000_000
_COUNTED = ("anchor", "tag", "implicit", "value", "version", "tags")
_MAX_DEPTH = 32
_MAX_FOREIGN_DEPTH = 100
_MAX_DIGITS = 18
_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_CONSTANTS = {"": None, "null": None, "~": None, "true": True, "false": False}
_NUMERIC = frozenset("+-.0123456789")


def read_hardened(text: str, *, path: str, first_line: int) -> tuple[Any, dict[Key, int]]:
    """The one document in `text`, and the line of each of its keys and items.

    Raises:
        InputError: with file and line, for anything outside the subset that `codec.yaml` describes.
    """
    reader = _Reader(text, path, first_line)
    try:
        return reader.document(), reader.lines
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # A problem at the end of the text is reported for the line after it.
        line = first_line + min(mark.line if mark else 0, text.count("\n", 0, len(text) - 1))
        advice = "correct that line; quote a text that contains `: ` or ` #`, or starts with punctuation"
        message = f"is not valid YAML: {error.problem or error.context}"
        raise InputError(message, path=path, line=line, fix=advice) from error
    except yaml.YAMLError as error:  # the reader's: characters that YAML forbids
        message = f"is not valid YAML: {' '.join(str(error).split())}"
        raise InputError(message, path=path, line=first_line, fix="remove that character") from error


def plain_events(text: str) -> tuple[tuple[str, ...], ...] | None:
    """The events of `text` as words; None when it is not YAML, or when it nests deeper than 100 levels."""
    found: list[tuple[str, ...]] = []
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            if depth > _MAX_FOREIGN_DEPTH:  # libyaml takes quadratic time for it
                return None
            found.append(_words(event))
    except yaml.YAMLError:
        return None
    return tuple(found)


def composed_values(text: str) -> tuple[tuple[tuple[str, ...], str], ...] | None:
    """Each value in `text` with the keys that lead to it; None when it is not YAML, or too large."""
    found: list[tuple[tuple[str, ...], str]] = []
    if plain_events(text) is None:
        return None
    try:
        for document in yaml.compose_all(text, Loader=_LOADER):
            _compose(document, (), found, budget=[_MAX_VALUES])
    except (yaml.YAMLError, RecursionError, _TooLargeError):
        return None
    return tuple(found)


class _TooLargeError(Exception):
    """Aliases make the text too large."""


def _compose(node: Any, keys: tuple[str, ...], found: list[tuple[tuple[str, ...], str]], budget: list[int]) -> str:
    """The node as text, which is the same for the same content; adds what is below it to `found`."""
    budget[0] -= 1
    if budget[0] < 0:
        raise _TooLargeError
    place = len(found)
    if keys:
        found.append((keys, ""))
    match node:
        case yaml.MappingNode():
            pairs = [(str(key.value), _compose(key, (), [], budget), value) for key, value in node.value]
            inside = [f"{name}: {_compose(value, (*keys, key), found, budget)}" for key, name, value in pairs]
        case yaml.SequenceNode():
            inside = [_compose(item, (*keys, str(index)), found, budget) for index, item in enumerate(node.value)]
        case _:
            # Other readers may take a plain scalar for another type than PyYAML does.
            inside = [f"{'plain' if node.style is None else 'quoted'} {node.value!a}"]
    text = f"{node.tag}[{', '.join(inside)}]"
    budget[0] -= len(text) // 64
    if keys:
        found[place] = (keys, text)
    return text


def _words(event: Event) -> tuple[str, ...]:
    # A plain `no` may be a boolean, a quoted one is text: `implicit` tells them apart.
    named = (f"{name}={getattr(event, name)!a}" for name in _COUNTED if getattr(event, name, None) is not None)
    return type(event).__name__, *named


class _Reader:
    """Builds the document from events, and collects the lines of its keys and items."""

    def __init__(self, text: str, path: str, first_line: int) -> None:
        self._next: Callable[[], Any] = _LOADER(text).get_event
        self._path = path
        self._first_line = first_line
        self.lines: dict[Key, int] = {(): first_line}

    def document(self) -> Any:
        self._next()  # the start of the stream
        if type(self._next()) is not DocumentStartEvent:
            return None
        data = self._value(self._next(), ())
        self._next()  # the end of the document
        following = self._next()
        if type(following) is not StreamEndEvent:
            self._refuse(following, "contains more than one YAML document", "keep only the first one")
        return data

    def _value(self, event: Any, key: Key) -> Any:
        kind = type(event)
        if kind is AliasEvent:
            self._refuse(event, f"uses the alias *{event.anchor}", "repeat the value instead")
        if event.tag is not None:
            self._refuse(event, f"uses the tag {event.tag}", "write the plain value")
        if kind is ScalarEvent:
            # `style` is None or empty for a plain scalar, else the quote, `|` or `>`.
            return event.value if event.style else self._plain_value(event)
        if len(key) >= _MAX_DEPTH:
            self._refuse(event, f"is nested deeper than {_MAX_DEPTH} levels", "flatten it")
        return self._mapping(key) if kind is MappingStartEvent else self._sequence(key)

    def _mapping(self, key: Key) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while type(event := self._next()) is not MappingEndEvent:
            if type(event) is not ScalarEvent:
                self._refuse(event, "uses something other than a string as a key", "use a plain word as the key")
            if event.tag is not None:
                self._refuse(event, f"uses the tag {event.tag}", "write the plain value")
            name: str = event.value
            inner = (*key, name)
            if name in mapping:
                first = self.lines[inner]
                self._refuse(event, f"has the key {name!r} twice (first on line {first})", "keep one of them")
            self.lines[inner] = self._line(event)
            mapping[name] = self._value(self._next(), inner)
        return mapping

    def _sequence(self, key: Key) -> list[Any]:
        items: list[Any] = []
        while type(event := self._next()) is not SequenceEndEvent:
            inner = (*key, len(items))
            self.lines[inner] = self._line(event)
            items.append(self._value(event, inner))
        return items

    def _plain_value(self, event: ScalarEvent) -> str | int | float | bool | None:
        text: str = event.value
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if text[0] not in _NUMERIC:
            return text
        if _INTEGER.match(text):
            if len(text) > _MAX_DIGITS:  # an identifier without its quotes, not a quantity
                self._refuse(event, f"contains a number with more than {_MAX_DIGITS} digits", "put it in quotes")
            return int(text)
        return float(text) if _FLOAT.match(text) else text

    def _line(self, event: Event) -> int:
        return self._first_line + event.start_mark.line  # type: ignore[union-attr]  # parsers mark every event

    def _refuse(self, event: Event, message: str, fix: str) -> NoReturn:
        raise InputError(message, path=self._path, line=self._line(event), fix=fix)

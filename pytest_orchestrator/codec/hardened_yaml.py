"""The loader for YAML of any shape: values are built from PyYAML's events, where everything dangerous is still visible.

Importing PyYAML costs 25 ms, so that this module is only loaded for text that `plain_yaml` declines.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from pytest_orchestrator.codec.scalar import Key, plain_value
from pytest_orchestrator.errors import InputError

# PyYAML's wheels carry libyaml; a build without it still works, more slowly.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_DEPTH = 32


def read_hardened(text: str, *, path: str, first_line: int) -> tuple[Any, dict[Key, int]]:
    """The one document in `text`, and the line of each key and item of it.

    Raises:
        InputError: with file and line, for anything outside the subset that `codec.yaml` describes.
    """
    reader = _Reader(path, first_line)
    try:
        # `yaml.parse` does this too, in Python code that takes half as long again.
        data = reader.document(iter(_LOADER(text).get_event, None))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # What is missing at the end of the text is missed on the line after it.
        line = first_line + min(mark.line if mark else 0, text.count("\n", 0, len(text) - 1))
        advice = "correct that line; a text that holds `: ` or ` #`, or starts with a sign, needs quotes"
        message = f"is not valid YAML: {error.problem or error.context}"
        raise InputError(message, path=path, line=line, fix=advice) from error
    except yaml.YAMLError as error:  # the reader's: characters that YAML forbids
        message = f"is not valid YAML: {' '.join(str(error).split())}"
        raise InputError(message, path=path, line=first_line, fix="remove that character") from error
    return data, reader.lines


class _Reader:
    """Builds values from parser events, which is where aliases, tags and duplicates are still visible."""

    def __init__(self, path: str, first_line: int) -> None:
        self._path = path
        self._first_line = first_line
        self.lines: dict[Key, int] = {(): first_line}

    def document(self, events: Iterator[Event]) -> Any:
        data: Any = None
        for event in events:
            if isinstance(event, DocumentStartEvent):
                data = self._value(next(events), events, ())
                end = next(events)
                assert isinstance(end, DocumentEndEvent)  # noqa: S101 - the parser's own grammar
                following = next(events)
                if not isinstance(following, StreamEndEvent):
                    self._refuse(following, "holds more than one YAML document", "keep the first one only")
        return data

    def _value(self, event: Event, events: Iterator[Event], key: Key) -> Any:
        self.lines.setdefault(key, self._line(event))
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        if len(key) >= _MAX_DEPTH:
            self._refuse(event, f"nests deeper than {_MAX_DEPTH} levels", "flatten it")
        if isinstance(event, MappingStartEvent):
            self._refuse_decoration(event)
            return self._mapping(events, key)
        if isinstance(event, SequenceStartEvent):
            self._refuse_decoration(event)
            return self._sequence(events, key)
        if isinstance(event, AliasEvent):
            self._refuse(event, f"uses the alias *{event.anchor}", "write the value out")
        raise AssertionError(event)  # pragma: no cover - the parser yields no other event here

    def _mapping(self, events: Iterator[Event], key: Key) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for event in events:
            if isinstance(event, MappingEndEvent):
                return mapping
            if not isinstance(event, ScalarEvent):
                self._refuse(event, "uses something other than a string as a key", "use a plain word as the key")
            self._refuse_decoration(event)
            name = event.value
            if name in mapping:
                first = self.lines[(*key, name)]
                self._refuse(event, f"has the key {name!r} twice (first on line {first})", "keep one of them")
            self.lines[(*key, name)] = self._line(event)
            mapping[name] = self._value(next(events), events, (*key, name))
        raise AssertionError("a mapping without an end")  # pragma: no cover - the parser raises first

    def _sequence(self, events: Iterator[Event], key: Key) -> list[Any]:
        items: list[Any] = []
        for event in events:
            if isinstance(event, SequenceEndEvent):
                return items
            items.append(self._value(event, events, (*key, len(items))))
        raise AssertionError("a sequence without an end")  # pragma: no cover - the parser raises first

    def _scalar(self, event: ScalarEvent) -> Any:
        self._refuse_decoration(event)
        text: str = event.value
        if event.style:  # quoted, literal or folded; a plain scalar's is None, or empty from libyaml
            return text
        try:
            return plain_value(text)
        except OverflowError as error:
            self._refuse(event, str(error), "put it in quotes")

    def _refuse_decoration(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent) -> None:
        if event.tag is not None:
            self._refuse(event, f"uses the tag {event.tag}", "write the plain value")

    def _line(self, event: Event) -> int:
        mark = event.start_mark
        return self._first_line + (mark.line if mark else 0)

    def _refuse(self, event: Event, message: str, fix: str) -> NoReturn:
        raise InputError(message, path=self._path, line=self._line(event), fix=fix)

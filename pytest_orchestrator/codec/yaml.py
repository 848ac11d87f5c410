"""One YAML loader for everything that a person or an agent may have written.

It reads the JSON-shaped part of YAML 1.2: mappings with string keys, sequences, strings, numbers, `true`, `false`,
`null`. What makes YAML dangerous or surprising is refused with its line: aliases (alias bombs), duplicate keys, tags,
several documents, deep nesting; `no`, `on` and dates are plain strings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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

from pytest_orchestrator.errors import InputError

Key = tuple[str | int, ...]

# PyYAML's wheels carry libyaml; a build without it still works, more slowly.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_DEPTH = 32
_MAX_CHARACTERS = 1 << 20
_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_CONSTANTS = {"": None, "null": None, "~": None, "true": True, "false": False}


@dataclass(frozen=True)
class YamlDocument:
    """What a YAML text says, and on which line (1-based, of the whole file) each key and item of it starts."""

    data: Any
    lines: Mapping[Key, int]

    def line(self, key: Key) -> int:
        """The line of `key`, or of the nearest thing around it that is there."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)


def load_yaml(text: str, *, path: str, first_line: int = 1) -> YamlDocument:
    """The one document in `text`; `first_line` is the line of the file that `text` starts on.

    Raises:
        InputError: with file and line, for anything outside the subset above.
    """
    if len(text) > _MAX_CHARACTERS:
        raise InputError(
            f"holds more than {_MAX_CHARACTERS:,} characters of YAML", path=path, line=first_line, fix="split it"
        )
    reader = _Reader(path, first_line)
    try:
        # `yaml.parse` does this too, in Python code that takes half as long again.
        events = iter(_LOADER(text).get_event, None)
        data = reader.document(events)
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
    return YamlDocument(data, reader.lines)


def dump_yaml(data: Any) -> str:
    """YAML that `load_yaml` reads back as `data`, keys in the order given, never an alias."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True


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
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _INTEGER.match(text):
            if len(text) > 18:  # beyond 64 bits: an identifier that lost its quotes, not a quantity
                self._refuse(event, "holds a number of more than 18 digits", "put it in quotes")
            return int(text)
        if _FLOAT.match(text):
            return float(text)
        return text

    def _refuse_decoration(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent) -> None:
        if event.tag is not None:
            self._refuse(event, f"uses the tag {event.tag}", "write the plain value")

    def _line(self, event: Event) -> int:
        mark = event.start_mark
        return self._first_line + (mark.line if mark else 0)

    def _refuse(self, event: Event, message: str, fix: str) -> NoReturn:
        raise InputError(message, path=self._path, line=self._line(event), fix=fix)

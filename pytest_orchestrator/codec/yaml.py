"""One YAML loader for all files that a person or an agent may have written.

It reads the JSON-shaped part of YAML 1.2: mappings with string keys, sequences, strings, numbers, `true`, `false`,
`null`. What makes YAML dangerous or surprising is refused with its line: aliases (alias bombs), duplicate keys, tags,
several documents, deep nesting. `no`, `on` and dates are plain strings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pytest_orchestrator.errors import InputError

Key = tuple[str | int, ...]
"""A position in a document: the keys and indexes that lead to it."""

_MAX_CHARACTERS = 1 << 20


@dataclass(frozen=True)
class YamlDocument:
    """The data of a YAML text, and the line (1-based, of the whole file) on which each of its keys and items starts."""

    data: Any
    lines: Mapping[Key, int]

    def line(self, key: Key) -> int:
        """The line of `key`, or of the nearest enclosing key that exists; 1 if none does."""
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
            f"contains more than {_MAX_CHARACTERS:,} characters of YAML", path=path, line=first_line, fix="split it"
        )
    from pytest_orchestrator.codec.hardened_yaml import read_hardened

    return YamlDocument(*read_hardened(text, path=path, first_line=first_line))


def yaml_events(text: str) -> tuple[tuple[str, ...], ...] | None:
    """What the YAML in `text` says, whatever its tags, aliases and documents: its events without comments and style.

    Two texts with the same events are the same to every reader of YAML. None when it is not YAML, or too large.
    """
    if len(text) > _MAX_CHARACTERS:
        return None
    from pytest_orchestrator.codec.hardened_yaml import plain_events

    return plain_events(text)


def yaml_values(text: str) -> tuple[tuple[tuple[str, ...], str], ...] | None:
    """Each value in all documents of `text`, aliases replaced, with the keys and indexes that lead to it.

    None when it is not YAML, or when aliases make it too large.
    """
    if len(text) > _MAX_CHARACTERS:
        return None
    from pytest_orchestrator.codec.hardened_yaml import composed_values

    return composed_values(text)


def dump_yaml(data: Any) -> str:
    """YAML that `load_yaml` reads back as `data`, keys in the order given, never an alias."""
    import yaml

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
            return True

    return yaml.dump(data, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=120)

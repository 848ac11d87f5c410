"""One YAML loader for everything that a person or an agent may have written.

It reads the JSON-shaped part of YAML 1.2: mappings with string keys, sequences, strings, numbers, `true`, `false`,
`null`. What makes YAML dangerous or surprising is refused with its line: aliases (alias bombs), duplicate keys, tags,
several documents, deep nesting; `no`, `on` and dates are plain strings.

Reading is two steps: `plain_yaml` for the few shapes that nearly all front matter has, and `hardened_yaml` for
everything else and for everything that is wrong. A test holds the two to the same results.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pytest_orchestrator.codec.plain_yaml import read_plain
from pytest_orchestrator.codec.scalar import Key
from pytest_orchestrator.errors import InputError

_MAX_CHARACTERS = 1 << 20


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
    plain = read_plain(text, first_line=first_line)
    if plain is not None:
        return YamlDocument(*plain)
    from pytest_orchestrator.codec.hardened_yaml import read_hardened

    return YamlDocument(*read_hardened(text, path=path, first_line=first_line))


def dump_yaml(data: Any) -> str:
    """YAML that `load_yaml` reads back as `data`, keys in the order given, never an alias."""
    import yaml

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
            return True

    return yaml.dump(data, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=120)

"""The replacement fields in a format string (`{}`, `{0.name!r:>{width}}`), taken apart.

The grammar is that of the standard library's manual, "Format String Syntax". What an f-string can't say in the same
words, or would read otherwise, is refused.
"""

from __future__ import annotations

import keyword
import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_NAME = re.compile(
    r"(?P<argument>[0-9]{1,4}|[A-Za-z_]\w*|)(?P<lookups>(?:\.[A-Za-z_]\w*|\[[\w ./-]+\])*)",
    re.ASCII,  # other letters may be spelt in several ways
)
_LOOKUP = re.compile(r"\.(?P<attribute>\w+)|\[(?P<key>[^]]+)\]", re.ASCII)
_WIDTH = re.compile(r"(?:[<>^]?[1-9][0-9]{0,3})?")
_UNREADABLE = frozenset("\\{}\r\n")
_PRIVATE = re.compile(r"__\w*(?<!__)")


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """What is looked up in a value: `.attribute`, or `[key]`, where digits alone are a number."""

    attribute: str | None
    key: str | int | None


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field. `argument` is a name, a number, or None when it is the next in the row."""

    argument: str | int | None
    lookups: tuple[Lookup, ...]
    conversion: str | None
    spec: tuple[str | Field, ...]

    @property
    def may_fail(self) -> bool:
        """Whether there are numbers or texts that have nothing of what is looked up, or can't be printed that way."""
        match self.spec:
            case () | (str(),):
                return bool(self.lookups) or not _WIDTH.fullmatch("".join(map(str, self.spec)))
        return True

    @property
    def reads_item(self) -> bool:
        """Whether an item is looked up, which changes a `defaultdict`."""
        return any(lookup.key is not None for lookup in self.lookups)

    def __iter__(self) -> Iterator[Field]:
        """This field and those in its specification, in the order in which they are evaluated."""
        yield self
        yield from (part for part in self.spec if isinstance(part, Field))


def split(text: str) -> Sequence[str | Field] | None:
    """Literal text (with `{{` read as `{`) and fields, in their order. None: there is something we don't know."""
    return _split(text, nested=False)


def _split(text: str, *, nested: bool) -> Sequence[str | Field] | None:
    parts: list[str | Field] = []
    try:
        for literal, name, spec, conversion in string.Formatter().parse(text):
            if literal:
                parts.append(literal)
            if name is not None:
                field = _field(name, spec or "", conversion, nested=nested)
                if field is None:
                    return None
                parts.append(field)
    except ValueError:
        return None
    return parts


def _field(name: str, spec: str, conversion: str | None, *, nested: bool) -> Field | None:
    found = _NAME.fullmatch(name)
    parts = () if nested and not spec else None if nested else _split(spec, nested=True)
    if found is None or parts is None or conversion not in (None, "r", "s", "a"):
        return None
    if any(_UNREADABLE & set(part) for part in parts if isinstance(part, str)):
        return None
    lookups = tuple(_lookup(match) for match in _LOOKUP.finditer(found["lookups"]))
    if any(lookup.attribute and _changes_its_meaning(lookup.attribute) for lookup in lookups):
        return None
    argument = int(found["argument"]) if found["argument"].isdigit() else found["argument"] or None
    return Field(argument=argument, lookups=lookups, conversion=conversion, spec=tuple(parts))


def _lookup(found: re.Match[str]) -> Lookup:
    key = found["key"]
    return Lookup(attribute=found["attribute"], key=int(key) if key and key.isdigit() else key)


def _changes_its_meaning(attribute: str) -> bool:
    """Whether Python can't read the attribute in code, or reads it under another name in a class."""
    return keyword.iskeyword(attribute) or _PRIVATE.fullmatch(attribute) is not None

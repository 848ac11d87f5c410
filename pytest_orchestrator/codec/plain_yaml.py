"""A fast reader of plain YAML, ten times as quick as PyYAML: one level of keys, each with a scalar or a list of them.

It understands what nearly all front matter is made of, a line at a time:

| line | |
|---|---|
| `key: words`, `key: 'words'`, `key: "words"`, `key:` | a scalar; in double quotes without backslashes |
| `key: [words, 'words']` | a list of scalars |
| `key:`, then lines `- words` of one indentation | a list of scalars |
| empty lines, lines that begin with `#` | nothing |

At everything else, and at the first doubt, it declines.
"""

from __future__ import annotations

import re

from pytest_orchestrator.codec.scalar import Key, plain_value

_Scalar = str | int | float | bool | None

# Control characters, tabs, and what YAML takes for line breaks or forbids.
_STRANGE = re.compile(r"[^\n -~]")
_VERY_STRANGE = "[^\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
_START = "[^\\-?:,\\[\\]{}#&*!|>'\"%@` \n]"
_LINE = re.compile(
    rf"""(?P<key>[A-Za-z_][A-Za-z0-9_-]{{0,99}}+):(?:
            \ *+
            |\ ++(?P<plain>{_START}.*+)
            |\ ++'(?P<single>[^']*+)'\ *+
            |\ ++"(?P<double>[^"\\]*+)"\ *+
            |\ ++\[(?P<list>.*+)
        )
        |(?P<indent>\ *+)-\ ++(?:
            (?P<plain_item>{_START}.*+)
            |'(?P<single_item>[^']*+)'\ *+
            |"(?P<double_item>[^"\\]*+)"\ *+
        )
        |(?P<nothing>\ *+(?:\#.*+)?)""",
    re.VERBOSE,
)
# A question mark means different things to different versions of YAML here.
_LIST_ITEM = re.compile(rf""" *+(?:'([^']*+)' *+|"([^"\\]*+)" *+|({_START}[^,\[\]{{}}?'"]*+))([,\]])""")


def read_plain(text: str, *, first_line: int) -> tuple[dict[str, object], dict[Key, int]] | None:
    """What `text` says, and the line of each key and item of it; None for anything that needs a whole YAML parser."""
    # The wide pattern takes 5 ms to compile, which most texts need not pay for.
    if (_STRANGE if text.isascii() else re.compile(_VERY_STRANGE)).search(text):
        return None
    try:
        data, lines = _read(text.split("\n"), first_line)
    except (_DoubtError, OverflowError):
        return None
    return (data, lines) if data else None


class _DoubtError(Exception):
    """The text is not plain, or not right."""


def _read(text: list[str], first_line: int) -> tuple[dict[str, object], dict[Key, int]]:
    data: dict[str, object] = {}
    lines: dict[Key, int] = {(): first_line}
    key = ""  # the one that a list may follow
    items: list[_Scalar] = []
    indent = ""
    for number, line in enumerate(text, start=first_line):
        found = _LINE.fullmatch(line)
        if found is None:
            raise _DoubtError
        kind = found.lastgroup
        if kind == "nothing":
            continue
        name = found["key"]
        if name is None:
            if not key or (items and found["indent"] != indent):
                raise _DoubtError
            indent = found["indent"]
            lines[key, len(items)] = number
            items.append(_plain(found["plain_item"]) if kind == "plain_item" else found[kind or 0])
            data[key] = items
            continue
        if name in data:
            raise _DoubtError
        lines[(name,)] = number
        key = ""
        if kind == "plain":
            data[name] = _plain(found["plain"])
        elif kind == "list":
            data[name] = found_items = _list(found["list"])
            lines.update(((name, place), number) for place in range(len(found_items)))
        elif kind == "key":
            data[name] = None
            key, items = name, []
        else:
            data[name] = found[kind or 0]
    return data, lines


def _list(text: str) -> list[_Scalar]:
    """The items of a list between brackets; `text` begins after the first one."""
    if text.strip(" ") == "]":
        return []
    items: list[_Scalar] = []
    place, end = 0, ","
    while end == ",":
        found = _LIST_ITEM.match(text, place)
        if found is None:
            raise _DoubtError
        single, double, plain, end = found.groups()
        items.append(_plain(plain) if plain is not None else single if single is not None else double)
        place = found.end()
    if text[place:].strip(" "):
        raise _DoubtError
    return items


def _plain(text: str) -> _Scalar:
    if ": " in text or " #" in text:
        raise _DoubtError
    text = text.rstrip(" ")
    if text.endswith(":"):
        raise _DoubtError
    return plain_value(text)

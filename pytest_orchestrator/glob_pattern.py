"""Path globs as regular expressions that take no longer than the length of the path: a glob may be hostile.

`*` is any text within one folder, `?` one character, `[ab]` one of them, `[!ab]` another one. `**` as a whole segment
is any number of folders, none too; at the end it is everything below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_WILD = re.compile(r"[*?\[]")


@lru_cache(maxsize=4096)
def glob_pattern(glob: str, *, below: bool = False) -> re.Pattern[str]:
    """The glob as a regular expression over whole POSIX paths. With `below`, a name at its end can be a folder's.

    A `[` without its `]` is that character. The text between two stars matches as early as it can; a later match would
    leave less for the rest. So nothing is tried twice.

    Raises:
        re.error: a range of characters ends before it begins.
    """
    segments = glob.split("/")
    if segments[-1] == "":  # `src/*/`: everything below
        segments[-1] = "**"
    parts: list[str] = []
    group, crosses = "", False  # what follows the last `**`, and whether there was one
    for index, segment in enumerate(segments):
        last = index == len(segments) - 1
        if segment == "**":
            parts.append(f"(?>(?:[^/]+/)*?{group})" if crosses else group)
            group, crosses = (".+", False) if last else ("", True)
        else:
            literal_end = below and last and _WILD.search(segment) is None
            group += _segment(segment) + ("(?:/.*)?" if literal_end else "" if last else "/")
    parts.append(f"(?:[^/]+/)*{group}" if crosses else group)
    return re.compile("".join(parts) + r"\Z", re.DOTALL)


def _segment(segment: str) -> str:
    chunks = [""]
    for token in _tokens(segment):
        if token.startswith("*"):
            chunks.append("")
        else:
            chunks[-1] += _piece(token)
    first, *others = chunks
    early = "".join(f"(?>[^/]*?{chunk})" for chunk in others[:-1])
    return f"{first}{early}[^/]*{others[-1]}" if others else first


def _tokens(segment: str) -> list[str]:
    # Behind the last ] no [ begins a set, and searching for its end would take the square of the length.
    end = segment.rfind("]") + 1
    sets = re.findall(r"\*+|\?|\[!?+[^/][^]/]*\]|.", segment[:end], re.DOTALL)
    return [*sets, *re.findall(r"\*+|.", segment[end:], re.DOTALL)]


def _piece(token: str) -> str:
    if token == "?":  # noqa: S105 - a wildcard, no password
        return "[^/]"
    if token.startswith("[") and len(token) > 2:
        return f"(?!/)[{'^' if token[1] == '!' else ''}{''.join(_members(token[1:-1].removeprefix('!')))}]"
    return re.escape(token)


def _members(inside: str) -> Iterator[str]:
    """The characters and ranges of a set, spelt so that none has another meaning in a regular expression."""
    for first, _, last in re.findall(r"(.)(?:(-)(.))?", inside, re.DOTALL):
        if last and last < first:
            raise re.error(f"bad character range {first}-{last}")
        yield f"\\U{ord(first):08x}" + (f"-\\U{ord(last):08x}" if last else "")

"""Finds the specs that a change may concern by a search of their text, so that the others need not be parsed.

The patterns are POSIX extended regular expressions over single lines, for `git grep`. They match more than needed, but
never less: an entry of `covers` that matches a file begins with the file's path, with a folder of it, or with a part of
it and a wildcard. What YAML allows to be written in another way (escapes, blocks of text) always matches.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

_MAX_FILES = 200
_START = r"""(^|[][[:space:]"',{}:-])(\./)*"""
_END = r"""/*($|[][[:space:]"',}#:])"""
_SPECIAL = re.compile(r"([.\[\](){}*+?^$|\\])")
# Paths that YAML folds or escapes.
_PYTHON_NAME = r"\.py::"
_UNSEARCHABLE = re.compile(r"[\s\"'\\]")
_OTHERWISE_WRITTEN = (
    r"\\([xuU/ ]|$)",  # an escape in double quotes
    r"^[[:space:]]*-[[:space:]]+([&!].*)?[|>]",  # a block of text as an item
    r"""["'](\./)*[^/[:space:]"']*[*?[]""",  # a wildcard in the first part of a path
    rf"{_START}\./*($|[][[:space:]\"',}}#])",  # the project itself
)


def covering(files: Collection[str]) -> str | None:
    """A pattern that matches a line of every spec that covers one of `files`; None where no search can tell."""
    if len(files) > _MAX_FILES or any(_UNSEARCHABLE.search(path) for path in files):
        return None
    # A name can be imported from a changed file, or assigned to there.
    names = (_PYTHON_NAME,) if any(path.endswith(".py") for path in files) else ()
    entries = (part for path in files for part in _entries(path))
    return "|".join(dict.fromkeys((*_OTHERWISE_WRITTEN, *names, *entries)))


def naming(ids: Iterable[str]) -> str:
    """A pattern that matches a line of every spec whose id is one of `ids`."""
    names = "|".join(map(_escaped, sorted(ids)))
    key = r"""id["']?[[:space:]]*:[[:space:]]*"""
    return rf"""{key}(["']?({names})($|[][[:space:]"',}}#])|[|>&!#]|$)|^\?|{_OTHERWISE_WRITTEN[0]}"""


def _entries(path: str) -> Iterator[str]:
    """The beginnings of the entries that match a path: each of its folders, and itself, with what may come then."""
    parts = path.split("/")
    for depth in range(1, len(parts) + 1):
        beginning = _START + _escaped("/".join(parts[:depth]))
        yield beginning + _END
        if depth < len(parts):
            yield rf"{beginning}/[^/[:space:]]*[*?[]"
    first = ""
    for letter in reversed(parts[0]):
        first = f"({_escaped(letter)}{first})?"
    yield rf"{_START}{first[:-1]}[*?[]"  # at least one letter: an entry can't begin with a wildcard without quotes
    yield rf"{_START}\?"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)

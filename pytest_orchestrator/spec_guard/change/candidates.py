"""Finds the specs that a change may concern by a search of their text, so that the others need not be parsed.

The patterns are POSIX extended regular expressions over single lines, for `git grep`. They match more than needed, but
never less: an entry of `covers` that matches a file begins with the file's path, with a folder of it, or with a part of
it and a wildcard. What YAML allows to be written in another way (escapes, blocks of text) always matches.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from pytest_orchestrator.git.worktree import WorkTree
from pytest_orchestrator.spec_guard.change.changes import Changes, FindFiles
from pytest_orchestrator.spec_guard.change.duties import lost_code
from pytest_orchestrator.spec_guard.coverage.shadows import shadowed_by
from pytest_orchestrator.spec_guard.document.spec import SpecDocument

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


def find_candidates(  # noqa: PLR0913 - the change, and how specs are searched and read
    listed: Sequence[str],
    edited: Sequence[SpecDocument],
    changes: Changes,
    *,
    tree: WorkTree,
    folders: Sequence[str],
    find_files: FindFiles,
    document: Callable[[str], SpecDocument],
) -> Sequence[str]:
    """The files of `listed` that may be specs that a change concerns, or have an id that rules look for.

    All of them where no search can tell. `changes` is the change as it concerns `edited`, the specs that it edits;
    `folders` are searched. Raises `GitError`.
    """
    found = {spec.path: spec for spec in edited}
    lost = lost_code(changes, edited, find_files, lambda spec: spec.in_force)
    shadowed = (other for path in changes.files for other in shadowed_by(path))
    pattern = covering({*changes.files, *shadowed, *(path for paths in lost.values() for path in paths)})
    if pattern is None:
        return listed
    ids = {spec.id for spec in (*edited, *changes.earlier) if spec.id is not None}
    for path in tree.search(f"{pattern}|{naming(ids)}" if ids else pattern, folders):
        found[path] = document(path)
    related = {name for spec in found.values() if spec.declaration for name in spec.declaration.relates_to}
    wanted = related - {spec.id for spec in found.values()}
    if wanted:
        for path in tree.search(naming(wanted), folders):
            found[path] = document(path)
        if wanted - {spec.id for spec in found.values()}:
            return listed  # a dead reference: its message suggests one of all ids
    return [path for path in listed if path in found]


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

"""Files that moved: which deleted file a new one continues, and whether it means the same in its new place."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pytest_orchestrator.spec_guard.coverage.meaning import file_digest

# What a file names from its own folder means something else in another folder: relative imports and paths, files that
# are included, and the place of the file itself.
_OF_FOLDER = re.compile(
    rb"\b(?:from|import)\s+\.|[\"'<]\.\.?/|__(?:file|path|package|spec|dirname|filename)(?:__)?\b|import\.meta"
    rb"|__(?:DIR|FILE)__|#\s*(?:include|import)\s*\"|^\s*(?:pub\s+)?mod\s+\w+\s*;|\binclude(?:_str|_bytes)?!"
    rb"|\bsuper::|@(?:import|use|forward)\b|url\(|^\s*part\b|\$ref\b|BASH_SOURCE|\$0|#filePath|#file\b",
    re.MULTILINE,
)
# Programs look for these names.
_ROLES = frozenset({"__init__.py", "__main__.py", "conftest.py", "sitecustomize.py", "usercustomize.py"})
MAX_PAIRS = 10_000
"""How many pairs of files are compared at most."""


@dataclass(frozen=True, kw_only=True)
class Moves:
    """The former path of each file that moved, by its new path."""

    same: Mapping[str, str] = field(default_factory=dict)
    """Those that mean the same."""
    edited: Mapping[str, str] = field(default_factory=dict)
    """Those that mean something else: at least half of the lines of the longer one are in both."""


def find_moves(
    gone: Mapping[str, bytes], new: Mapping[str, bytes], *, mixed: Collection[str] = (), docstrings: bool
) -> Moves:
    """The moves from deleted to new files; of several deleted files with one meaning those with the same name.

    `mixed` are new files that mean something else in git's index.
    """
    if not gone or not new:
        return Moves()
    left: dict[tuple[str, str], list[str]] = {}
    for path in sorted(gone):
        left.setdefault(_kind(gone[path], path, docstrings), []).append(path)
    moved: dict[str, str] = {}
    for path in sorted(new.keys() - set(mixed)):
        same = left.get(_kind(new[path], path, docstrings), [])
        near = [old for old in same if _means_the_same(old, path, gone[old] + new[path])]
        if near:
            moved[path] = min(near, key=lambda old: posixpath.basename(old) != posixpath.basename(path))
            same.remove(moved[path])
    taken = set(moved.values())
    rest = {path: data for path, data in new.items() if path not in moved}
    return Moves(same=moved, edited=_edited({path: gone[path] for path in gone if path not in taken}, rest))


def _kind(data: bytes, path: str, docstrings: bool) -> tuple[str, str]:
    return posixpath.splitext(path)[1], file_digest(data, path, docstrings=docstrings)


def _means_the_same(old: str, new: str, data: bytes) -> bool:
    """Whether a file with the same content means the same in its new place."""
    (old_folder, old_name), (folder, name) = posixpath.split(old), posixpath.split(new)
    becomes_package = name == "__init__.py" and old == f"{folder}.py"
    if name != old_name and not becomes_package and not _ROLES.isdisjoint((name, old_name)):
        return False
    if new.endswith(".go"):  # a package is a folder, and `_test` and `_linux` in a name say when a file counts
        return folder == old_folder and old_name.partition("_")[2:] == name.partition("_")[2:]
    return folder == old_folder or _OF_FOLDER.search(data) is None


def _edited(gone: Mapping[str, bytes], new: Mapping[str, bytes]) -> dict[str, str]:
    """The pairs of which at least half of the lines are the same, the most similar first."""
    if len(gone) * len(new) > MAX_PAIRS:
        return {}
    before = {path: _lines(data) for path, data in gone.items()}
    alike = []
    for path, data in new.items():
        after = _lines(data)
        for old, lines in before.items():
            size = max(lines.total(), after.total())
            if size and posixpath.splitext(old)[1] == posixpath.splitext(path)[1]:
                share = (lines & after).total() / size
                alike.append((-share, posixpath.basename(old) != posixpath.basename(path), path, old))
    found: dict[str, str] = {}
    for share, _, path, old in sorted(alike):
        if -share >= 0.5 and path not in found and old not in found.values():
            found[path] = old
    return found


def _lines(data: bytes) -> Counter[bytes]:
    return Counter(line for line in map(bytes.strip, data.splitlines()) if line)

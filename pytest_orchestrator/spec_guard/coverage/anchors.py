"""Anchors, the entries of `covers`: a glob of paths, or a part of a file.

| entry | matches |
|---|---|
| `src/cache.py`, `src/`, `src/**/*.py` | files, see `globs` |
| `src/cache.py::Cache.get` | a class, function, method or variable, by its dotted name inside the file |
| `docs/cache.md::Limits` | a section, by its heading |
| `config.yaml::cache.limit` | a value of YAML, TOML or JSON, by the keys that lead to it |
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from pytest_orchestrator.spec_guard.coverage import globs, languages, sections

_SEPARATOR = "::"
_SYMBOL = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*\Z")
_FOREIGN_SYMBOL = re.compile(r"[$#\w]+(?:\.[$#\w]+)*\Z")
_WITH_PARTS = (".py", ".pyi", *languages.SUFFIXES, *sections.SUFFIXES)
# Matches most entries, and only valid ones: a fast path for 10,000 specs.
_ORDINARY = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]++|\.(?!\.)|/(?![/.])|\*(?!\*))*+")
_WILD = re.compile(r"[*?\[]")


class Anchor(NamedTuple):
    """One entry of `covers`. `symbol` is empty for whole files."""

    text: str
    glob: str
    symbol: str
    literal: bool
    """Whether the glob names one file or folder, without wildcards."""
    prefix: str
    """The common beginning of all paths that the glob matches."""


@lru_cache(maxsize=65536)
def parse_anchor(text: str) -> Anchor:
    """The anchor of an entry of `covers`, valid or not; see `anchor_problem`."""
    glob, _, symbol = text.partition(_SEPARATOR)
    glob = glob.removeprefix("./")
    wild = _WILD.search(glob)
    prefix = glob if wild is None else glob[: wild.start()]
    return Anchor(text, glob, symbol, wild is None, prefix)


def anchor_problem(text: str) -> str | None:
    """Why an entry of `covers` is invalid; None when it is valid."""
    if _ORDINARY.fullmatch(text):
        return None
    anchor = parse_anchor(text)
    wrong = globs.problem(anchor.glob)
    if wrong is not None or _SEPARATOR not in text:
        return wrong
    if re.search("[*?]", anchor.glob) or not anchor.glob.endswith(_WITH_PARTS):
        return "names a part of a path that is not one file of code, Markdown, YAML, TOML or JSON: write file.py::Name"
    if anchor.glob.endswith(sections.SUFFIXES):
        return sections.name_problem(anchor.symbol, anchor.glob)
    pattern = _SYMBOL if anchor.glob.endswith((".py", ".pyi")) else _FOREIGN_SYMBOL
    if pattern.match(anchor.symbol) is None:
        return f"names {anchor.symbol!r}, which is not a dotted name: write file.py::Class.method"
    return None


def file_globs(covers: Iterable[str]) -> tuple[str, ...]:
    """The globs of the files in the entries of `covers`, each once."""
    return tuple(dict.fromkeys(text.partition(_SEPARATOR)[0] for text in covers))


class PathIndex:
    """Paths in sorted order, so that a glob is compared only with those that begin like it."""

    def __init__(self, paths: Iterable[str], *, literal: Collection[str] = ()) -> None:
        """`literal` are globs that are taken as they are written, as are those that are one of `paths`."""
        self._paths: Sequence[str] = sorted(set(paths))
        self._known = frozenset(self._paths)
        self._literal = literal

    def __contains__(self, path: str) -> bool:
        return path in self._known

    def matching(self, anchor: Anchor) -> tuple[str, ...]:
        """The paths that the anchor's glob matches, sorted."""
        glob = anchor.glob
        if glob in self._known:
            return (glob,)
        if not anchor.literal and self.has(glob):
            return self._below(glob.rstrip("/") + "/")
        prefix = anchor.prefix
        if prefix in ("", "."):
            return globs.matching(self._paths, glob)
        start = bisect.bisect_left(self._paths, prefix)
        end = bisect.bisect_left(self._paths, prefix + "\U0010ffff", start)
        return globs.matching(self._paths[start:end], glob)

    def has(self, glob: str) -> bool:
        """Whether a glob, whatever its wildcards, is the name of a file or a folder."""
        return glob in self._known or glob in self._literal or bool(self._below(glob.rstrip("/") + "/"))

    def _below(self, folder: str) -> tuple[str, ...]:
        start = bisect.bisect_left(self._paths, folder)
        return tuple(self._paths[start : bisect.bisect_left(self._paths, folder + "\U0010ffff", start)])

    def near(self, anchor: Anchor) -> str:
        """The path in the same folder that is spelled most like the anchor; empty when none is alike."""
        if not anchor.literal:
            return ""
        from difflib import get_close_matches

        folder = anchor.glob.rpartition("/")[0]
        start = bisect.bisect_left(self._paths, f"{folder}/") if folder else 0
        end = bisect.bisect_left(self._paths, f"{folder}0", start) if folder else len(self._paths)  # 0 comes after /
        beside = [path for path in self._paths[start:end] if "/" not in path[len(folder) + 1 :]]
        return next(iter(get_close_matches(anchor.glob, beside, n=1, cutoff=0.8)), "")

"""The project's files as they are now: which an anchor matches, and their digests."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import read_limited
from pytest_orchestrator.spec_guard.coverage.anchors import Anchor, PathIndex, parse_anchor
from pytest_orchestrator.spec_guard.coverage.parts import digest_of, has_part, suggest_part
from pytest_orchestrator.spec_guard.coverage.references import origins

_MAX_BYTES = 64 << 20
_DEFINITION = re.compile(rb"^(?:async +)?(?:def|class) +(\w+)", re.MULTILINE)
_IMPORTED = re.compile(rb"\bimport\s*(\([^()]*\)|[^\n(]*)")
_LONG = re.compile(rb"\"\"\"|'''|\\\\\n")


class Snapshot:
    """Computes the digest of each file when it is first needed, and once."""

    def __init__(  # noqa: PLR0913 - where files are, and what git knows of them
        self,
        root: Path,
        *,
        files: Iterable[str],
        dirty: Collection[str],
        untracked: Iterable[str] = (),
        linked: Mapping[str, str] | None = None,
        absent: Callable[[str], bytes | None] = lambda _: None,
        texts: Mapping[str, bytes] | None = None,
        docstrings: bool = False,
    ) -> None:
        """`absent` reads from git's objects what is not checked out: a file of a sparse checkout, a submodule. `texts`
        are read in place of the files of these names."""
        self._root = str(root)
        self._absent = absent
        self._texts = texts or {}
        self.linked = linked or {}
        """The file behind each path that goes through a symbolic link."""
        self.docstrings = docstrings
        """Whether docstrings count."""
        self.dirty = frozenset(dirty)
        """The paths with uncommitted changes."""
        # Git also lists deleted files; only files with uncommitted changes can be deleted.
        there = (path for path in files if path not in self.dirty or os.path.lexists(f"{self._root}/{path}"))
        self.files = PathIndex((*there, *untracked, *self.linked))
        self._digests: dict[tuple[str, str], str | None] = {}
        self._parts: dict[tuple[str, str], tuple[bool, tuple[str, ...]]] = {}

    def digest(self, anchor: Anchor) -> str | None:
        """The digest of the code that `anchor` matches; None when it matches nothing."""
        paths = self.files.matching(anchor)
        if anchor.symbol or paths == (anchor.glob,):
            return self.part_digest(paths[0], anchor.symbol) if paths else None
        if not paths:
            return None
        total = hashlib.sha256()
        for path in paths:
            total.update(f"{path}\0{self.part_digest(path, '')}\n".encode("utf-8", "surrogateescape"))
        return "files:" + total.hexdigest()[:32]

    def part_digest(self, path: str, symbol: str) -> str | None:
        """The digest of one file, or of the definition of `symbol` in it; None when it does not exist."""
        key = (path, symbol)
        if key not in self._digests:
            data = self.read(path)
            self._digests[key] = None if data is None else digest_of(data, path, symbol, docstrings=self.docstrings)
        return self._digests[key]

    def defines(self, path: str, symbol: str) -> bool:
        """Whether a file has the part `symbol`."""
        return self._look_up(path, symbol)[0]

    def origins(self, entry: str) -> tuple[str, ...]:
        """The anchors of what an entry's definition is imported from, where its file only imports it."""
        anchor = parse_anchor(entry)
        return self._look_up(anchor.glob, anchor.symbol)[1] if anchor.symbol and anchor.glob.endswith(".py") else ()

    def _look_up(self, path: str, symbol: str) -> tuple[bool, tuple[str, ...]]:
        """Whether a file has a part, and the anchors of what it is imported from. Each file is read once."""
        if (path, symbol) not in self._parts:
            data = self.read(path) or b""
            if path.endswith((".py", ".pyi")) and symbol in _plainly_defined(data):
                self._parts[path, symbol] = (True, ())
            else:
                first = symbol.partition(".")[0].encode()
                imported = any(first in names for names in _IMPORTED.findall(data))
                found = origins(parse_anchor(f"{path}::{symbol}"), read=self.read_regular) if imported else ()
                self._parts[path, symbol] = (has_part(data, path, symbol), found)
        return self._parts[path, symbol]

    def covered_files(self, entry: str) -> tuple[str, ...]:
        """The files that an entry of `covers` matches; none when the symbol that it names is not defined."""
        anchor = parse_anchor(entry)
        paths = self.files.matching(anchor)
        undefined = anchor.symbol and paths and not self.defines(anchor.glob, anchor.symbol)
        return () if undefined else paths

    def read(self, path: str) -> bytes | None:
        """The bytes of a file. A symbolic link is followed inside of the project; else its bytes are its target's name.
        Those of a submodule name its commit."""
        real = self.linked.get(path, path)
        if (text := self._texts.get(real)) is not None:
            return text
        try:
            return read_limited(f"{self._root}/{real}", max_bytes=_MAX_BYTES, display_path=path, follow=False)
        except InputError:
            where = Path(self._root, real)
            if where.is_symlink():
                return os.fsencode(where.readlink())
            if where.is_dir():
                return self._absent(real) or b""
            return None if real in self.dirty else self._absent(real)

    def read_regular(self, path: str) -> bytes | None:
        """The bytes of a regular file; None for a link, even one whose target is spelled like a file's content."""
        where = Path(self._root, path)
        return self.read(path) if where.is_file() and not where.is_symlink() else None

    def literal(self, entries: Iterable[str]) -> frozenset[str]:
        """The globs of `entries` with brackets that name an existing path, such as `app/[slug]/page.tsx`."""
        wild = (anchor.glob for anchor in map(parse_anchor, entries) if not anchor.literal and "[" in anchor.glob)
        return frozenset(glob for glob in wild if self.files.has(glob))

    def hint(self, anchor: Anchor) -> str:
        """The part that was probably meant."""
        return suggest_part(self.read(anchor.glob) or b"", anchor.glob, anchor.symbol)


def _plainly_defined(data: bytes) -> frozenset[str]:
    """The top-level names that a Python file defines, found without a parser.

    Empty when the file has multi-line strings, which may contain text that looks like a definition.
    """
    return frozenset() if _LONG.search(data) else frozenset(name.decode() for name in _DEFINITION.findall(data))

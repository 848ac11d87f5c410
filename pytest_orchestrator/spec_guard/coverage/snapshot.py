"""The project's files as they are now: which an anchor matches, and their digests."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterable
from pathlib import Path

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import read_limited
from pytest_orchestrator.spec_guard.coverage.anchors import Anchor, PathIndex, parse_anchor
from pytest_orchestrator.spec_guard.coverage.parts import digest_of, suggest_part
from pytest_orchestrator.spec_guard.coverage.references import origins

_MAX_BYTES = 64 << 20
_DEFINITION = re.compile(rb"^(?:async +)?(?:def|class) +(\w+)", re.MULTILINE)
_IMPORTED = re.compile(rb"\bimport\s*(\([^)]*\)|[^\n(]*)")
_LONG = re.compile(rb"\"\"\"|'''|\\\\\n")


class Snapshot:
    """Computes the digest of each file when it is first needed, and once."""

    def __init__(
        self,
        root: Path,
        *,
        files: Iterable[str],
        dirty: Collection[str],
        untracked: Iterable[str] = (),
        docstrings: bool = False,
    ) -> None:
        self._root = str(root)
        self.docstrings = docstrings
        """Whether docstrings count."""
        self.dirty = frozenset(dirty)
        """The paths with uncommitted changes."""
        # Git also lists deleted files; only files with uncommitted changes can be deleted.
        there = (path for path in files if path not in self.dirty or os.path.lexists(f"{self._root}/{path}"))
        self.files = PathIndex((*there, *untracked))
        self._digests: dict[tuple[str, str], str | None] = {}
        self._imported: dict[str, bytes] = {}
        self._defined: dict[str, frozenset[str]] = {}

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
        if path not in self._defined:
            plain = path.endswith((".py", ".pyi"))
            self._defined[path] = _plainly_defined(self.read(path) or b"") if plain else frozenset()
        return symbol in self._defined[path] or self.part_digest(path, symbol) is not None

    def covered_files(self, entry: str) -> tuple[str, ...]:
        """The files that an entry of `covers` matches; none when the symbol that it names is not defined."""
        anchor = parse_anchor(entry)
        paths = self.files.matching(anchor)
        undefined = anchor.symbol and paths and not self.defines(anchor.glob, anchor.symbol)
        return () if undefined else paths

    def read(self, path: str) -> bytes | None:
        """The bytes of a file. A symbolic link is not followed: its bytes are its target's name."""
        where = Path(self._root, path)
        try:
            return read_limited(f"{self._root}/{path}", max_bytes=_MAX_BYTES, display_path=path, follow=False)
        except InputError:
            if where.is_symlink():
                return os.fsencode(where.readlink())
            # The folder of a submodule has no content of its own.
            return b"" if where.is_dir() else None

    def read_regular(self, path: str) -> bytes | None:
        """The bytes of a regular file; None for a link, even one whose target is spelled like a file's content."""
        where = Path(self._root, path)
        return self.read(path) if where.is_file() and not where.is_symlink() else None

    def literal(self, entries: Iterable[str]) -> frozenset[str]:
        """The globs of `entries` with brackets that name an existing path, such as `app/[slug]/page.tsx`."""
        wild = (anchor.glob for anchor in map(parse_anchor, entries) if not anchor.literal and "[" in anchor.glob)
        return frozenset(glob for glob in wild if self.files.has(glob))

    def origins(self, entry: str) -> tuple[str, ...]:
        """The anchors of what an entry's definition is imported from, where its file only imports it."""
        anchor = parse_anchor(entry)
        path, name = anchor.glob, anchor.symbol.partition(".")[0].encode()
        if not name or not path.endswith(".py"):
            return ()
        if path not in self._imported:
            self._imported[path] = b" ".join(_IMPORTED.findall(self.read(path) or b""))
        # Parsing ten thousand files takes half a minute, so those that import nothing of that name are left out.
        return origins(anchor, read=self.read_regular) if name in self._imported[path] else ()

    def hint(self, anchor: Anchor) -> str:
        """The part that was probably meant."""
        return suggest_part(self.read(anchor.glob) or b"", anchor.glob, anchor.symbol)


def _plainly_defined(data: bytes) -> frozenset[str]:
    """The top-level names that a Python file defines, found without a parser.

    Empty when the file has multi-line strings, which may contain text that looks like a definition.
    """
    return frozenset() if _LONG.search(data) else frozenset(name.decode() for name in _DEFINITION.findall(data))

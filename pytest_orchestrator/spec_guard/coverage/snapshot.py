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
from pytest_orchestrator.spec_guard.coverage.syntax import (
    file_digest,
    find_symbol,
    parse_python,
    suggest_symbol,
    symbol_digest,
)

_MAX_BYTES = 64 << 20
_DEFINITION = re.compile(rb"^(?:async +)?(?:def|class) +(\w+)", re.MULTILINE)
_LONG = re.compile(rb"\"\"\"|'''|\\\\\n")


class Snapshot:
    """Computes the digest of each file when it is first needed, and once."""

    def __init__(
        self, root: Path, *, files: Iterable[str], dirty: Collection[str], untracked: Iterable[str] = ()
    ) -> None:
        self._root = str(root)
        self.dirty = frozenset(dirty)
        """The paths with uncommitted changes."""
        # Git also lists deleted files; only files with uncommitted changes can be deleted.
        there = (path for path in files if path not in self.dirty or os.path.lexists(f"{self._root}/{path}"))
        self.files = PathIndex((*there, *untracked))
        self._digests: dict[tuple[str, str], str | None] = {}
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
            self._digests[key] = None if data is None else digest_of(data, path, symbol)
        return self._digests[key]

    def defines(self, path: str, symbol: str) -> bool:
        """Whether a file defines `symbol`."""
        if path not in self._defined:
            self._defined[path] = _plainly_defined(self.read(path) or b"")
        if symbol in self._defined[path]:
            return True
        tree = parse_python(self.read(path) or b"")
        return tree is not None and bool(find_symbol(tree, symbol))

    def covered_files(self, entry: str) -> tuple[str, ...]:
        """The files that an entry of `covers` matches; none when the symbol that it names is not defined."""
        anchor = parse_anchor(entry)
        paths = self.files.matching(anchor)
        undefined = anchor.symbol and paths and not self.defines(anchor.glob, anchor.symbol)
        return () if undefined else paths

    def read(self, path: str) -> bytes | None:
        """The bytes of a file. A symbolic link is not followed: its bytes are its target's name."""
        try:
            return read_limited(f"{self._root}/{path}", max_bytes=_MAX_BYTES, display_path=path, follow=False)
        except InputError:
            where = Path(self._root, path)
            if where.is_symlink():
                return os.fsencode(where.readlink())
            # The folder of a submodule has no content of its own.
            return b"" if where.is_dir() else None

    def hint(self, anchor: Anchor) -> str:
        """The defined symbol that was probably meant."""
        tree = parse_python(self.read(anchor.glob) or b"")
        if tree is None:
            return f"{anchor.glob} is not valid Python"
        return suggest_symbol(tree, anchor.symbol)


def _plainly_defined(data: bytes) -> frozenset[str]:
    """The top-level names that a Python file defines, found without a parser.

    Empty when the file has multi-line strings, which may contain text that looks like a definition.
    """
    return frozenset() if _LONG.search(data) else frozenset(name.decode() for name in _DEFINITION.findall(data))


def digest_of(data: bytes, path: str, symbol: str) -> str | None:
    """The digest of a file's content, or of the definition of `symbol` in it; None when there is no such definition."""
    if not symbol:
        return file_digest(data, path)
    tree = parse_python(data)
    nodes = () if tree is None else find_symbol(tree, symbol)
    return symbol_digest(nodes) if nodes else None

"""Decompression as a stream: never more bytes at once than were asked for, and never absurdly many in all.

`gzip`, `bz2.open` and `lzma.open` are not strict enough: they ignore bytes after the compressed data, and an xz file
can ask for any amount of memory. So the decompressors below them are called here.
"""

from __future__ import annotations

import bz2
import functools
import lzma
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from pytest_orchestrator.fixture_store.member import Limits, refusal

COMPRESSIONS = {".tar.gz": "gz", ".tgz": "gz", ".tar.bz2": "bz2", ".tar.xz": "xz"}
"""The kind of compression by the suffix of the archive's name."""

_CHUNK = 64 << 10
_MAX_LZMA_MEMORY = 256 << 20
_DECOMPRESSORS: Mapping[str, Callable[[], Any]] = {
    "gz": functools.partial(zlib.decompressobj, wbits=16 + zlib.MAX_WBITS),  # with a gzip header and a CRC
    "bz2": bz2.BZ2Decompressor,
    "xz": functools.partial(lzma.LZMADecompressor, format=lzma.FORMAT_XZ, memlimit=_MAX_LZMA_MEMORY),
}


class PlainStream:
    """The decompressed bytes of a file. `kind` is `gz`, `bz2` or `xz`."""

    def __init__(self, packed: BinaryIO, kind: str, limits: Limits) -> None:
        self._chunks = _limited_chunks(packed, kind, limits)
        self._pending = memoryview(b"")

    def exactly(self, size: int, member: str | None = None) -> bytes:
        """The next `size` bytes; `member` is the archive member that they belong to.

        Raises:
            FixtureError: there are fewer; or as for `read`.
        """
        data = self.read(size)
        if len(data) < size:
            raise refusal("is cut short" if member else "it is cut short: the archive has no end", member=member)
        return data

    def read(self, size: int) -> bytes:
        """The next `size` bytes, fewer only at the end.

        Raises:
            FixtureError: the file is not of its kind, is damaged or cut short, has data after its end, or unpacks to
                more than the limits allow.
        """
        pieces = []
        while size > 0:
            self._pending = self._pending or memoryview(next(self._chunks, b""))
            if not self._pending:
                break
            pieces.append(self._pending[:size])
            size -= len(pieces[-1])
            self._pending = self._pending[len(pieces[-1]) :]
        return b"".join(pieces)


def _limited_chunks(packed: BinaryIO, kind: str, limits: Limits) -> Iterator[bytes]:
    total = 0
    for chunk in _chunks(packed, kind):
        total += len(chunk)
        if total > limits.total_bytes:
            raise refusal(f"it unpacks to more than {limits.total_bytes:,} bytes")
        if total > max(limits.ratio_from, packed.tell() * limits.ratio):
            raise refusal(f"it unpacks to more than {limits.ratio} times its size")
        yield chunk


def _chunks(packed: BinaryIO, kind: str) -> Iterator[bytes]:
    """The decompressed bytes in chunks that are not empty, and of at most `_CHUNK` bytes."""
    inner = _DECOMPRESSORS[kind]()
    while not inner.eof:
        # `zlib` returns the input that it did not use; the other two keep it, and tell when they need more.
        data = getattr(inner, "unconsumed_tail", b"")
        if not data and getattr(inner, "needs_input", True):
            data = packed.read(_CHUNK)
            if not data:
                raise refusal("it is cut short: the compressed data has no end")
        try:
            chunk = inner.decompress(data, _CHUNK)
        except (zlib.error, lzma.LZMAError, OSError) as error:
            raise refusal(f"it is not a sound {kind} file: {error}") from error
        if chunk:
            yield chunk
    if inner.unused_data or packed.read(1):
        raise refusal("it has bytes after the end of the compressed data")

"""Decompression as a stream: never more bytes at once than were asked for, and never absurdly many in all.

`gzip`, `bz2.open` and `lzma.open` are not strict enough: they ignore bytes after the compressed data, and an xz file
can ask for any amount of memory. So the decompressors below them are called here.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from typing import BinaryIO, Protocol

from pytest_orchestrator.fixture_store.member import Limits, refusal

COMPRESSIONS = {".tar.gz": "gz", ".tgz": "gz", ".tar.bz2": "bz2", ".tar.xz": "xz"}
"""The kind of compression by the suffix of the archive's name."""

_CHUNK = 64 << 10
_MAX_LZMA_MEMORY = 256 << 20


class _Decompressor(Protocol):
    """The common interface of the decompressors of `bz2` and `lzma`."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    """`zlib` with the interface of the other two; it checks the CRC by itself."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


class PlainStream:
    """The decompressed bytes of a file. `kind` is `gz`, `bz2` or `xz`."""

    def __init__(self, packed: BinaryIO, kind: str, limits: Limits) -> None:
        self._packed = packed
        self._kind = kind
        self._limits = limits
        self._decompressor = _decompressor(kind)
        self._plain_bytes = 0
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
            FixtureError: the file is not of its kind, is damaged or cut short, has data after its end, or unpacks
                to more than the limits allow.
        """
        pieces = []
        while size > 0:
            self._pending = self._pending or memoryview(self._chunk())
            if not self._pending:
                break
            pieces.append(self._pending[:size])
            size -= len(pieces[-1])
            self._pending = self._pending[len(pieces[-1]) :]
        return b"".join(pieces)

    def _chunk(self) -> bytes:
        while not self._decompressor.eof:
            data = self._packed.read(_CHUNK) if self._decompressor.needs_input else b""
            if self._decompressor.needs_input and not data:
                raise refusal("it is cut short: the compressed data has no end")
            try:
                chunk = self._decompressor.decompress(data, _CHUNK)
            except (zlib.error, lzma.LZMAError, OSError) as error:
                raise refusal(f"it is not a sound {self._kind} file: {error}") from error
            if chunk:
                self._count(len(chunk))
                return chunk
        if self._decompressor.unused_data or self._packed.read(1):
            raise refusal("it has bytes after the end of the compressed data")
        return b""

    def _count(self, size: int) -> None:
        self._plain_bytes += size
        if self._plain_bytes > self._limits.total_bytes:
            raise refusal(f"it unpacks to more than {self._limits.total_bytes:,} bytes")
        if self._plain_bytes > max(self._limits.ratio_from, self._packed.tell() * self._limits.ratio):
            raise refusal(f"it unpacks to more than {self._limits.ratio} times its size")


def _decompressor(kind: str) -> _Decompressor:
    match kind:
        case "gz":
            return _Gzip()
        case "bz2":
            return bz2.BZ2Decompressor()
        case _:
            return lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_MAX_LZMA_MEMORY)

"""Compressed bytes in, plain bytes out, never more of them at once than asked for, and never absurdly many."""

from __future__ import annotations

import bz2
import lzma
import zlib
from typing import BinaryIO, Protocol

from pytest_orchestrator.fixture_store.member import Limits, refusal

_CHUNK = 64 << 10
_MAX_LZMA_MEMORY = 256 << 20


class _Decompressor(Protocol):
    """What `bz2` and `lzma` offer."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    """`zlib` in the shape of its siblings; it checks each gzip member's CRC by itself."""

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


def _decompressor(kind: str) -> _Decompressor:
    match kind:
        case "gz":
            return _Gzip()
        case "bz2":
            return bz2.BZ2Decompressor()
        case _:
            return lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_MAX_LZMA_MEMORY)


class PlainStream:
    """Reads what a compressed file unpacks to. `kind` is `gz`, `bz2` or `xz`."""

    def __init__(self, packed: BinaryIO, kind: str, limits: Limits) -> None:
        self._packed = packed
        self._kind = kind
        self._limits = limits
        self._decompressor = _decompressor(kind)
        self._packed_bytes = 0
        self._plain_bytes = 0
        self._waiting = memoryview(b"")

    def read(self, size: int) -> bytes:
        """The next `size` bytes, fewer only at the end.

        Raises:
            FixtureError: the file is no such archive, is damaged or cut short, has something behind its end, or
                unpacks to more than the limits allow.
        """
        pieces = []
        while size > 0:
            self._waiting = self._waiting or memoryview(self._chunk())
            if not self._waiting:
                break
            pieces.append(self._waiting[:size])
            size -= len(pieces[-1])
            self._waiting = self._waiting[len(pieces[-1]) :]
        return b"".join(pieces)

    def _chunk(self) -> bytes:
        while not self._decompressor.eof:
            data = b""
            if self._decompressor.needs_input:
                data = self._packed.read(_CHUNK)
                self._packed_bytes += len(data)
                if not data:
                    raise refusal("it is cut short: the compressed data has no end")
            chunk = self._decompress(data)
            if chunk:
                self._count(len(chunk))
                return chunk
        if self._decompressor.unused_data or self._packed.read(1):
            raise refusal("it has bytes behind the end of the compressed data")
        return b""

    def _decompress(self, data: bytes) -> bytes:
        try:
            return self._decompressor.decompress(data, _CHUNK)
        except (zlib.error, lzma.LZMAError, OSError) as error:
            raise refusal(f"it is no sound {self._kind} file: {error}") from error

    def _count(self, size: int) -> None:
        self._plain_bytes += size
        if self._plain_bytes > self._limits.total_bytes:
            raise refusal(f"it unpacks to more than {self._limits.total_bytes:,} bytes")
        if self._plain_bytes > max(self._limits.ratio_from, self._packed_bytes * self._limits.ratio):
            raise refusal(f"it unpacks to more than {self._limits.ratio} times its size")

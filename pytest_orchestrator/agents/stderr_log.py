"""What an agent prints to stderr, kept within limits."""

from __future__ import annotations

from pathlib import Path

_MAX_FILE_BYTES = 1 << 20
_MAX_TAIL_BYTES = 4096
_TAIL_LINES = 5
_LINE_CHARACTERS = 300
_CUT = b"\n[the rest was not kept]\n"


class StderrLog:
    """The beginning of a stream in a file, its last lines in memory."""

    def __init__(self, file: Path | None) -> None:
        self._stream = None if file is None else file.open("wb", buffering=0)
        self._bytes_left = _MAX_FILE_BYTES
        self._tail = b""

    def add(self, chunk: bytes) -> None:
        """Append the next bytes of the stream."""
        self._tail = (self._tail + chunk)[-_MAX_TAIL_BYTES:]
        if self._stream is None or self._bytes_left == 0:
            return
        kept = chunk[: self._bytes_left]
        self._bytes_left -= len(kept)
        self._stream.write(kept if self._bytes_left else kept + _CUT)

    def last_lines(self) -> str:
        """The last few lines, for an error message; empty when nothing was printed."""
        lines = self._tail.decode("utf-8", "replace").splitlines()
        return "\n".join(line[:_LINE_CHARACTERS] for line in lines[-_TAIL_LINES:] if line.strip())

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()

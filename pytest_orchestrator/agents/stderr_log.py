"""What an agent prints to stderr: kept, within bounds."""

from __future__ import annotations

from pathlib import Path

_MAX_FILE_BYTES = 1 << 20
_MAX_TAIL_BYTES = 4096
_TAIL_LINES = 5
_LINE_CHARACTERS = 300
_CUT = b"\n[the rest was not kept]\n"


class Said:
    """The beginning of a stream in a file, and its last lines in memory."""

    def __init__(self, file: Path | None) -> None:
        self._stream = None if file is None else file.open("wb", buffering=0)
        self._room = _MAX_FILE_BYTES
        self._tail = b""

    def add(self, chunk: bytes) -> None:
        """Take in what came next."""
        self._tail = (self._tail + chunk)[-_MAX_TAIL_BYTES:]
        if self._stream is None or self._room == 0:
            return
        kept = chunk[: self._room]
        self._room -= len(kept)
        self._stream.write(kept if self._room else kept + _CUT)

    def last_lines(self) -> str:
        """The last few lines, for an error message; empty when nothing was said."""
        lines = self._tail.decode("utf-8", "replace").splitlines()
        return "\n".join(line[:_LINE_CHARACTERS] for line in lines[-_TAIL_LINES:] if line.strip())

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()

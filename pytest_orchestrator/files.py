"""Reading files with a size limit, writing them atomically, and paths that stay inside of a folder."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import posixpath
import stat
import sys
from collections.abc import Callable
from functools import cache as cached
from functools import partial
from pathlib import Path

from pytest_orchestrator.errors import InputError, RunError

_PIECE_BYTES = 1 << 16
_MAX_SHOWN_BYTES = 10 << 20


def shipped_path(name: str) -> Path:
    """Where a file or folder of the library that comes with this package is, such as `patterns`."""
    package = Path(__file__).resolve().parent
    shipped = package / "_library" / name
    return shipped if shipped.exists() else package.parent / name  # an editable checkout has it beside the package


def read_limited(path: Path | str, *, max_bytes: int, display_path: str | None = None, follow: bool = True) -> bytes:
    """The file's bytes.

    `display_path` is the file's name in messages; the default is `path`. Without `follow`, a symbolic link is refused.

    Raises:
        InputError: the file is absent, not a regular file, unreadable, or larger than `max_bytes`.
    """
    name = display_path or str(path)
    try:
        # O_NONBLOCK: opening a FIFO without a writer would block for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW))
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise InputError("can't be read: it is not a regular file", path=name, fix="replace it by a file")
            data = _read_up_to(descriptor, max_bytes + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror or error}", path=name) from error
    if len(data) > max_bytes:
        raise InputError(
            f"is larger than {max_bytes:,} bytes", path=name, fix="split it, or move binary data elsewhere"
        )
    return data


def read_text(path: Path | str, *, max_bytes: int, display_path: str | None = None) -> str:
    """The text of a UTF-8 file, without a byte order mark.

    Raises:
        InputError: as `read_limited` and `decode_utf8`.
    """
    name = display_path or str(path)
    return decode_utf8(read_limited(path, max_bytes=max_bytes, display_path=name), display_path=name)


def _read_up_to(descriptor: int, limit: int) -> bytes:
    """At most `limit` bytes, read in pieces: a buffer of `limit` bytes costs more than reading a small file."""
    pieces = []
    while limit > 0 and (piece := os.read(descriptor, min(limit, _PIECE_BYTES))):
        pieces.append(piece)
        limit -= len(piece)
    return b"".join(pieces)


def line_reader(root: Path) -> Callable[[str, int], str | None]:
    """A function that reads a line, counted from 1, of a text file below `root`, to show it to a person.

    It returns None when there is no such line, and when the file can't be read. It reads each file once.
    """

    @cached
    def lines(path: str) -> list[str]:
        try:
            data = read_limited(root / path, max_bytes=_MAX_SHOWN_BYTES, follow=False)
        except InputError:
            return []
        return data.decode("utf-8", "replace").split("\n")

    def read(path: str, number: int) -> str | None:
        return lines(path)[number - 1] if 0 < number <= len(lines(path)) else None

    return read


def decode_utf8(data: bytes, *, display_path: str) -> str:
    """The text of UTF-8 bytes, without a byte order mark.

    Raises:
        InputError: the bytes are binary or in another encoding; names the line.
    """
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise InputError("is binary: it contains a NUL byte", path=display_path, line=line, fix="use a text file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"is not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}",
            path=display_path,
            line=line,
            fix="save the file as UTF-8",
        ) from error


def leaves(path: str) -> bool:
    """Whether a relative path in a file that somebody wrote names nothing inside of a folder, whatever is there."""
    normal = posixpath.normpath(path)
    return not path.strip() or "\0" in path or posixpath.isabs(normal) or normal.split("/")[0] in ("..", ".")


def inside(root: Path, path: str) -> Path:
    """The absolute path of `path` (POSIX, relative to the folder `root`), for reading and for writing.

    Raises:
        InputError: it is absolute, leaves `root` with `..`, is `root` itself, is a symbolic link or goes through one.
    """
    if leaves(path):
        raise InputError("is not a file in the project", path=path, fix="name it relative to the project")
    where = root
    for part in posixpath.normpath(path).split("/"):
        where /= part
        if where.is_symlink():
            raise InputError("is a symbolic link, or is below one", path=path, fix="replace the link by the file")
    return where


def write_inside(root: Path, path: str, data: bytes) -> None:
    """Write the file `path` of the project `root`, and its folder where that is missing.

    Raises:
        InputError: `path` leaves the project, or goes through a symbolic link.
        RunError: it can't be written.
    """
    _put(root, path, partial(write_atomic, data=data))


def append_inside(root: Path, path: str, lines: bytes) -> None:
    """Append `lines` to the file `path` of the project `root`, all or nothing. Raises as `write_inside`."""
    _put(root, path, partial(append_whole, data=lines, sync=True))


def _put(root: Path, path: str, put: Callable[[Path], None]) -> None:
    where = inside(root, path)
    try:
        where.parent.mkdir(parents=True, exist_ok=True)
        put(where)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        fix = "free some space" if full else "make it a plain file that you may write"
        raise RunError(f"can't be written: {error.strerror or error}", path=path, fix=fix) from error


def append_whole(path: Path, data: bytes, *, sync: bool = False) -> None:
    """Append `data`, whole lines, to a file; all of it or nothing. A last line without its end is ended first.

    Other processes that append by this function wait. With `sync`, the data is on the disk when this returns.

    Raises:
        OSError: the file is a link or no regular file, can't be written, or does not hold what was written. It is then
            as it was before.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
    try:
        with contextlib.suppress(OSError):  # not every file system has locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            data = b"\n" + data
        try:
            _write_all(descriptor, data)
            if sync:
                os.fsync(descriptor)
            _check_end(descriptor, size, data)
        except BaseException:
            os.ftruncate(descriptor, size)
            raise
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:  # a full disk takes a part of it, and fails at the next call
        left = left[os.write(descriptor, left) :]


def _check_end(descriptor: int, start: int, data: bytes) -> None:
    if os.fstat(descriptor).st_size != start + len(data) or os.pread(descriptor, len(data), start) != data:
        raise OSError(errno.EIO, "the file does not hold what was written")


def write_atomic(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Replace the file's content by `data` in one step: readers see the old bytes or the new ones, never a mixture.

    `mode` is the permission bits of the new file; without it an existing file keeps its own.

    Raises:
        OSError: the folder is absent or full, or can't be written. The old file is then unchanged.
    """
    if mode is None:
        with contextlib.suppress(FileNotFoundError):
            mode = path.stat().st_mode & 0o7777
    named = path.with_name(f".{path.name[:100]}.{os.urandom(6).hex()}.tmp")
    unnamed = _open_unnamed(path.parent)
    try:
        create = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        with os.fdopen(os.open(named, create, 0o666) if unnamed is None else unnamed, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
            if mode is not None:
                os.fchmod(stream.fileno(), mode)
            if unnamed is not None:
                named = _give_name(stream.fileno(), named)
        named.replace(path)
    except BaseException:
        named.unlink(missing_ok=True)
        raise


def _open_unnamed(folder: Path) -> int | None:
    """A new file without a name, of which nothing is left when the process is killed. None where there are none."""
    if sys.platform != "linux" or not Path("/proc/self/fd").is_dir():
        return None
    try:
        return os.open(folder, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o666)
    except OSError:  # not every file system has them; other reasons meet a file with a name too
        return None


def _give_name(descriptor: int, path: Path) -> Path:
    """Name such a file, which only a file with a name can replace another one. Returns its path.

    That is one outside of all trees where the user's cache is on the same file system, `path` elsewhere. A process that
    is killed before it renames the file leaves it there.
    """
    import platformdirs

    scratch = platformdirs.user_cache_path("pytest-orchestrator") / "unfinished" / path.name
    try:
        scratch.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _link(descriptor, scratch)
    except OSError:
        _link(descriptor, path)
        return path
    return scratch


def _link(descriptor: int, path: Path) -> None:
    # open(2), O_TMPFILE. With a folder's descriptor, which it does not use here, Python calls linkat(2).
    os.link(f"/proc/self/fd/{descriptor}", path, src_dir_fd=descriptor, follow_symlinks=True)

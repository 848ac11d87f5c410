"""A strict reader of tar streams.

Understood are the formats of POSIX.1-1988 (ustar), POSIX.1-2001 (pax) and GNU's long names. The standard library's
reader takes a damaged header for the end of the archive, and reads extended headers of any size into memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pytest_orchestrator.fixture_store.decompress import PlainStream
from pytest_orchestrator.fixture_store.member import Limits, MemberNames, SourceFile, refusal

_BLOCK = 512
_ZERO = bytes(_BLOCK)
_MAX_EXTENSION_BYTES = 1 << 20
_REFUSED = {
    b"1": "is a hard link",
    b"2": "is a symbolic link",
    b"3": "is a device",
    b"4": "is a device",
    b"6": "is a named pipe",
    b"S": "is a sparse file",
    b"K": "is a link",
}


@dataclass(frozen=True, kw_only=True)
class _Header:
    name: bytes
    mode: int
    size: int
    type: bytes


def read_tar(stream: PlainStream, limits: Limits) -> Iterator[SourceFile]:
    """The plain files of a tar stream, one by one.

    Raises:
        FixtureError: at the first thing that is not a plain file or folder, has an unsafe name, or is malformed.
    """
    names = MemberNames(limits)
    long_name: bytes | None = None
    while (block := _exactly(stream, _BLOCK)) != _ZERO:
        header = _header(block)
        if header.type in (b"x", b"g", b"L"):
            extension = _extension(stream, header)
            if header.type == b"L":
                found: bytes | None = extension.split(b"\0", 1)[0]
            else:
                found = _pax_path(extension, everywhere=header.type == b"g")
            if found is not None and long_name is not None:
                raise refusal("has two long names", member=_shown(found))
            long_name = long_name if found is None else found
            continue
        name = _text(header.name if long_name is None else long_name)
        long_name = None
        if header.type not in (b"0", b"\0", b"5"):
            raise refusal(_REFUSED.get(header.type, f"is of the unknown type {header.type!r}"), member=name)
        folder = header.type == b"5" or name.endswith("/")
        path = names.accept(name, folder=folder)
        if folder:
            if header.size:
                raise refusal("is a folder with contents of its own", member=name)
            continue
        if header.size > limits.file_bytes:
            raise refusal(f"is larger than {limits.file_bytes:,} bytes", member=name)
        data = _exactly(stream, header.size, name)
        _exactly(stream, -header.size % _BLOCK, name)
        yield SourceFile(path=path, executable=bool(header.mode & 0o100), data=data)
    if long_name is not None:
        raise refusal("it ends with a name and no file")
    while rest := stream.read(64 << 10):
        if rest.strip(b"\0"):
            raise refusal("it has something behind its end")


def _header(block: bytes) -> _Header:
    stated = _number(block[148:156], "checksum")
    if stated != sum(block[:148]) + sum(block[156:]) + 8 * 0x20:
        raise refusal("it has a header whose checksum is wrong")
    name = block[:100].split(b"\0", 1)[0]
    if block[257:263] == b"ustar\0" and (prefix := block[345:500].split(b"\0", 1)[0]):
        name = prefix + b"/" + name
    return _Header(
        name=name, mode=_number(block[100:108], "mode"), size=_number(block[124:136], "size"), type=block[156:157]
    )


def _number(field: bytes, meaning: str) -> int:
    """An octal number that ends with a space or NUL, and may begin with spaces."""
    digits = field.lstrip(b" ").split(b"\0", 1)[0].rstrip(b" ")
    if digits.strip(b"01234567"):
        raise refusal(f"it has a header whose {meaning} is no octal number: {field!r}")
    return int(digits or b"0", 8)


def _extension(stream: PlainStream, header: _Header) -> bytes:
    if header.size > _MAX_EXTENSION_BYTES:
        raise refusal(f"it has an extended header of more than {_MAX_EXTENSION_BYTES:,} bytes")
    data = _exactly(stream, header.size)
    _exactly(stream, -header.size % _BLOCK)
    return data


def _pax_path(data: bytes, *, everywhere: bool) -> bytes | None:
    """The `path` of a pax header, whose records are `LENGTH KEY=VALUE\\n` (POSIX.1-2001, pax, extended header)."""
    found = None
    while data:
        length, _, _ = data.partition(b" ")
        if not length.isdigit() or len(length) > 7 or not len(length) + 3 <= int(length) <= len(data):
            raise refusal("it has a malformed extended header")
        record, data = data[: int(length)], data[int(length) :]
        key, equals, value = record[len(length) + 1 :].partition(b"=")
        if not equals or not value.endswith(b"\n"):
            raise refusal("it has a malformed extended header")
        if (
            key in (b"size", b"linkpath", b"hdrcharset")
            or key.startswith(b"GNU.sparse")
            or (everywhere and key == b"path")
        ):
            raise refusal(f"it has an extended header that overrides {_shown(key)}")
        if key == b"path":
            found = value[:-1]
    return found


def _exactly(stream: PlainStream, size: int, member: str | None = None) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise refusal("is cut short" if member else "it is cut short: the archive has no end", member=member)
    return data


def _text(name: bytes) -> str:
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refusal("has a name that is not UTF-8", member=_shown(name)) from error


def _shown(name: bytes) -> str:
    return name.decode("utf-8", "backslashreplace")

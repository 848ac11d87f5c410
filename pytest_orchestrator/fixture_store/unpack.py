"""Source archives, read strictly and one file at a time. Nothing is written to disk here and nothing is run.

`tarfile` parses the header blocks and `zipfile` the zip format. What they are lax about is checked here:

- `TarFile` takes a damaged header, and the end of the data, for the end of the archive;
- it reads extended headers of any size into memory, and skips malformed records in them;
- it lets extended headers change a member's size;
- `ZipFile` accepts bytes before the first member and after the end record, and reads a directory of any size.
"""

from __future__ import annotations

import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from pytest_orchestrator.errors import FixtureError
from pytest_orchestrator.fixture_store.decompress import COMPRESSIONS, PlainStream
from pytest_orchestrator.fixture_store.member import Limits, MemberNames, SourceFile, refusal

_MAX_EXTENSION_BYTES = 1 << 20
_FILE_TYPES = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.DIRTYPE)
_EXTENSION_TYPES = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME)
_REFUSED_TYPES = {
    tarfile.LNKTYPE: "is a hard link",
    tarfile.SYMTYPE: "is a symbolic link",
    tarfile.CHRTYPE: "is a device",
    tarfile.BLKTYPE: "is a device",
    tarfile.FIFOTYPE: "is a named pipe",
    tarfile.GNUTYPE_SPARSE: "is a sparse file",
    tarfile.GNUTYPE_LONGLINK: "is a link",
}
_OCTAL = re.compile(rb" *[0-7]* *(?:\0.*)?", re.DOTALL)
_REFUSED_KEYS = re.compile(rb"size|linkpath|hdrcharset|GNU\.sparse.*", re.DOTALL)

_ZIP_END = struct.Struct("<4s4H2LH")  # the end of central directory record (APPNOTE 4.3.16)
_ZIP_MAX_COMMENT = 1 << 16
_ZIP_ENCRYPTED = 0x41
_ZIP_UNIX = 3


def unpack(archive: Path, *, filename: str, limits: Limits | None = None) -> Iterator[SourceFile]:
    """The files of the source archive at `archive`, paths relative to its one top folder.

    `filename` is the archive's published name: its suffix decides the format, and messages name it. The iterator can
    raise at any file. What it yielded before is then not to be trusted either.

    Raises:
        FixtureError: the archive is damaged, or has content that a source archive must not have.
    """
    limits = limits or Limits()
    try:
        with archive.open("rb") as packed:
            kind = next((kind for suffix, kind in COMPRESSIONS.items() if filename.endswith(suffix)), None)
            if filename.endswith(".zip"):
                files = _read_zip(packed, limits)
            elif kind is not None:
                files = _read_tar(PlainStream(packed, kind, limits), limits)
            else:
                raise refusal(f"has an unknown format (known: {', '.join(COMPRESSIONS)}, .zip)")
            empty = True
            for file in files:
                empty = False
                yield file
            if empty:
                raise refusal("it holds no files")
    except FixtureError as error:
        raise FixtureError(error.message, path=filename, fix=error.fix) from error
    except OSError as error:
        raise FixtureError(f"can't be read: {error.strerror or error}", path=filename) from error


def _read_tar(stream: PlainStream, limits: Limits) -> Iterator[SourceFile]:
    """The regular files of a tar stream: ustar (POSIX.1-1988), pax (POSIX.1-2001) and GNU's long names."""
    names = MemberNames(limits)
    long_name: str | None = None
    while (block := stream.exactly(tarfile.BLOCKSIZE)).strip(b"\0"):
        header = _tar_header(block)
        if header.type in _EXTENSION_TYPES:
            found = _long_name(header, stream)
            if found is not None and long_name is not None:
                raise refusal("has two long names", member=found)
            long_name = long_name if found is None else found
            continue
        name = header.name if long_name is None else long_name
        long_name = None
        if header.type not in _FILE_TYPES:
            raise refusal(_REFUSED_TYPES.get(header.type, f"is of the unknown type {header.type!r}"), member=name)
        folder = header.isdir() or name.endswith("/")
        path = names.accept(name, folder=folder)
        if folder and header.size:
            raise refusal("is a folder with contents of its own", member=name)
        if header.size > limits.file_bytes:
            raise refusal(f"is larger than {limits.file_bytes:,} bytes", member=name)
        if not folder:
            data = _tar_data(stream, header.size, name)
            yield SourceFile(path=path, executable=bool(header.mode & stat.S_IXUSR), data=data)
    if long_name is not None:
        raise refusal("it ends with an extended name without a file")
    while rest := stream.read(64 << 10):
        if rest.strip(b"\0"):
            raise refusal("it has data after its end")


def _tar_header(block: bytes) -> tarfile.TarInfo:
    try:
        header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError as error:
        raise refusal(f"it has a damaged header: {error}") from error
    # `frombuf` also reads GNU's binary numbers, and whatever `int` accepts: a sign, underscores.
    if _OCTAL.fullmatch(block[124:136]) is None:
        raise refusal("has a size that is not an octal number", member=header.name)
    return header


def _tar_data(stream: PlainStream, size: int, member: str | None = None) -> bytes:
    data = stream.exactly(size, member)
    stream.exactly(-size % tarfile.BLOCKSIZE, member)
    return data


def _long_name(header: tarfile.TarInfo, stream: PlainStream) -> str | None:
    """The next member's name, if the extended header gives one."""
    if header.size > _MAX_EXTENSION_BYTES:
        raise refusal(f"it has an extended header of more than {_MAX_EXTENSION_BYTES:,} bytes")
    data = _tar_data(stream, header.size)
    if header.type == tarfile.GNUTYPE_LONGNAME:
        name: bytes | None = data.split(b"\0", 1)[0]
    else:
        records = dict(_pax_records(data))
        name = records.get(b"path")
        if name is not None and header.type == tarfile.XGLTYPE:
            raise refusal("it has an extended header that overrides path for all members")
    return None if name is None else name.decode("utf-8", "surrogateescape")


def _pax_records(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The records `LENGTH KEY=VALUE\\n` of a pax header (POSIX.1-2001, pax, extended header)."""
    while data:
        length, _, _ = data.partition(b" ")
        if not length.isdigit() or len(length) > 7 or not len(length) + 3 <= int(length) <= len(data):
            raise refusal("it has a malformed extended header")
        record, data = data[: int(length)], data[int(length) :]
        key, equals, value = record[len(length) + 1 :].partition(b"=")
        if not equals or not value.endswith(b"\n"):
            raise refusal("it has a malformed extended header")
        if _REFUSED_KEYS.fullmatch(key):
            raise refusal(f"it has an extended header that overrides {key.decode('utf-8', 'backslashreplace')}")
        yield key, value[:-1]


def _read_zip(packed: BinaryIO, limits: Limits) -> Iterator[SourceFile]:
    """The regular files of a zip archive."""
    _check_zip_end(packed, limits)
    names = MemberNames(limits)
    try:
        with zipfile.ZipFile(packed) as archive:
            members = archive.infolist()
            if members and min(member.header_offset for member in members) != 0:
                raise refusal("it has data before its beginning")
            if sum(member.file_size for member in members) > limits.total_bytes:
                raise refusal(f"it unpacks to more than {limits.total_bytes:,} bytes")
            for member in members:
                if member.orig_filename != member.filename:
                    raise refusal("has two different names", member=member.orig_filename)
                path = names.accept(member.filename, folder=member.is_dir())
                mode = member.external_attr >> 16 if member.create_system == _ZIP_UNIX else 0
                if (reason := _zip_problem(member, mode, limits)) is not None:
                    raise refusal(reason, member=member.filename)
                if not member.is_dir():
                    with archive.open(member) as stream:
                        # One more, so that `zipfile` reaches the end of a member of 0 bytes and checks its CRC.
                        data = stream.read(member.file_size + 1)
                    if len(data) != member.file_size:
                        raise refusal("is not of the size that the directory says", member=member.filename)
                    yield SourceFile(path=path, executable=bool(mode & stat.S_IXUSR), data=data)
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, UnicodeError) as error:
        raise refusal(f"it is not a sound zip file: {error}") from error


def _check_zip_end(packed: BinaryIO, limits: Limits) -> None:
    """Check the end record before `zipfile` reads the whole directory into memory."""
    size = packed.seek(0, 2)
    packed.seek(max(0, size - _ZIP_END.size - _ZIP_MAX_COMMENT))
    tail = packed.read()
    start = tail.rfind(b"PK\5\6")
    if start < 0 or len(tail) - start < _ZIP_END.size:
        raise refusal("it is not a zip file, or is cut short")
    _, _, _, _, members, directory_bytes, directory_start, comment_bytes = _ZIP_END.unpack_from(tail, start)
    if len(tail) - start != _ZIP_END.size + comment_bytes:
        raise refusal("it has data after its end")
    if directory_start + directory_bytes != size - len(tail) + start:
        raise refusal("its directory is not where its end record says")
    if members > limits.members:
        raise refusal(f"it holds more than {limits.members:,} members")


def _zip_problem(member: zipfile.ZipInfo, mode: int, limits: Limits) -> str | None:
    kind = stat.S_IFMT(mode)
    if kind == stat.S_IFLNK:
        return "is a symbolic link"
    if kind not in (0, stat.S_IFDIR if member.is_dir() else stat.S_IFREG):
        return "is not a regular file"
    if member.flag_bits & _ZIP_ENCRYPTED:
        return "is encrypted"
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return f"is packed by the unusual method {member.compress_type}"
    if member.is_dir() and member.file_size:
        return "is a folder with contents of its own"
    if member.file_size > limits.file_bytes:
        return f"is larger than {limits.file_bytes:,} bytes"
    if member.file_size > max(limits.ratio_from, member.compress_size * limits.ratio):
        return f"unpacks to more than {limits.ratio} times its size"
    return None

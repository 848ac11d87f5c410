"""A strict reader of zip archives."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from pytest_orchestrator.fixture_store.member import Limits, MemberNames, SourceFile, refusal

_UNIX = 3
_ENCRYPTED = 0x41
_END = struct.Struct("<4s4H2LH")
_MAX_COMMENT = 1 << 16


def read_zip(packed: BinaryIO, limits: Limits) -> Iterator[SourceFile]:
    """The plain files of a zip archive, one by one.

    Raises:
        FixtureError: at the first thing that is not a plain file or folder, has an unsafe name, or is malformed.
    """
    _check_end(packed, limits)
    names = MemberNames(limits)
    try:
        with zipfile.ZipFile(packed) as archive:
            members = archive.infolist()
            if members and min(member.header_offset for member in members) != 0:
                raise refusal("it has something before its beginning")
            total = sum(member.file_size for member in members)
            if total > limits.total_bytes:
                raise refusal(f"it unpacks to more than {limits.total_bytes:,} bytes")
            for member in members:
                path = names.accept(_name(member), folder=member.is_dir())
                _check_member(member, limits)
                if not member.is_dir():
                    yield SourceFile(path=path, executable=_executable(member), data=_data(archive, member))
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, UnicodeError) as error:
        raise refusal(f"it is no sound zip file: {error}") from error


def _check_end(packed: BinaryIO, limits: Limits) -> None:
    """Look at the end record before `zipfile` reads the whole directory into memory (APPNOTE 4.3.16)."""
    size = packed.seek(0, 2)
    packed.seek(max(0, size - _END.size - _MAX_COMMENT))
    tail = packed.read()
    place = tail.rfind(b"PK\5\6")
    if place < 0 or len(tail) - place < _END.size:
        raise refusal("it is no zip file, or is cut short")
    _, _, _, _, members, directory_bytes, directory_place, comment_bytes = _END.unpack_from(tail, place)
    end_place = size - len(tail) + place
    if len(tail) - place != _END.size + comment_bytes:
        raise refusal("it has something behind its end")
    if directory_place + directory_bytes != end_place:
        raise refusal("its directory is not where its end record says")
    if members > limits.members:
        raise refusal(f"it holds more than {limits.members:,} members")


def _name(member: zipfile.ZipInfo) -> str:
    if member.orig_filename != member.filename:
        raise refusal("has a name that is read in two ways", member=member.orig_filename)
    return member.filename


def _check_member(member: zipfile.ZipInfo, limits: Limits) -> None:
    name = member.filename
    kind = stat.S_IFMT(member.external_attr >> 16) if member.create_system == _UNIX else 0
    if kind == stat.S_IFLNK:
        raise refusal("is a symbolic link", member=name)
    if kind not in (0, stat.S_IFDIR if member.is_dir() else stat.S_IFREG):
        raise refusal("is no regular file", member=name)
    if member.flag_bits & _ENCRYPTED:
        raise refusal("is encrypted", member=name)
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refusal(f"is packed by the unusual method {member.compress_type}", member=name)
    if member.is_dir() and member.file_size:
        raise refusal("is a folder with contents of its own", member=name)
    if member.file_size > limits.file_bytes:
        raise refusal(f"is larger than {limits.file_bytes:,} bytes", member=name)
    if member.file_size > max(limits.ratio_from, member.compress_size * limits.ratio):
        raise refusal(f"unpacks to more than {limits.ratio} times its size", member=name)


def _executable(member: zipfile.ZipInfo) -> bool:
    return member.create_system == _UNIX and bool(member.external_attr >> 16 & stat.S_IXUSR)


def _data(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as stream:
        data = stream.read(member.file_size + 1)
    if len(data) != member.file_size:
        raise refusal("is not of the size that the directory says", member=member.filename)
    return data

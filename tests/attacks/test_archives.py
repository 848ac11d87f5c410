"""Archives that try to write elsewhere, to fill the disk, or to say two things at once."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

import pytest

from pytest_orchestrator.errors import FixtureError
from pytest_orchestrator.fixture_store.member import Limits
from pytest_orchestrator.fixture_store.unpack import unpack
from tests.fixture_store.archives import sdist, tar, tar_entry, zip_sdist

GOOD = tar_entry("top/good.py", b"x = 1\n")


def _refused(tmp_path: Path, data: bytes, filename: str = "demo-1.0.tar.gz", limits: Limits | None = None) -> str:
    archive = tmp_path / "archive"
    archive.write_bytes(data)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(FixtureError) as caught:
        list(unpack(archive, filename=filename, limits=limits))
    assert sorted(tmp_path.iterdir()) == before
    assert caught.value.path == filename
    assert caught.value.fix
    return caught.value.message


NAMES = {
    "../evil": "'..'",
    "top/../../evil": "'..'",
    "top/..": "'..'",
    "/etc/passwd": "absolute",
    "//etc/passwd": "absolute",
    "top//double": "''",
    "top/./dot": "'.'",
    "C:/Windows/evil": "drive letter",
    "top\\..\\evil": "backslash",
    "top/bell\a": "control character",
    "top/new\nline": "control character",
    "top/" + "n" * 256: "more than 255 bytes",
    "top/" + "long/" * 250 + "x": "more than 1,024 bytes",
    "top/.git/config": "git reserves",
    "top/.GIT/config": "git reserves",
    "top/GIT~1/config": "git reserves",
    "top/.git./config": "git reserves",
    "top/.g\N{ZERO WIDTH NON-JOINER}it/config": "git reserves",
    "other/file": "outside of the archive's top folder",
    "top": "has the name of the folder|outside of the top folder",
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT], ids=["pax", "gnu"])
def test_unsafe_name_in_a_tar_is_refused(tmp_path: Path, name: str, form: int) -> None:
    message = _refused(tmp_path, tar([GOOD, tar_entry(name, b"evil")], form=form))

    assert any(reason in message for reason in NAMES[name].split("|")), message


@pytest.mark.parametrize("name", NAMES)
def test_unsafe_name_in_a_zip_is_refused(tmp_path: Path, name: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("top/good.py", b"x")
        info = zipfile.ZipInfo("placeholder")
        info.filename = name
        archive.writestr(info, b"evil")

    message = _refused(tmp_path, stream.getvalue(), "demo-1.0.zip")

    assert any(reason in message for reason in NAMES[name].split("|")), message


def test_name_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    plain = tar([tar_entry("top/xxxx", b"")], mode="", form=tarfile.USTAR_FORMAT)
    block = bytearray(plain[:512])
    block[4:8] = b"\xff\xfe\xfd\xfc"
    block[148:156] = b"%06o\0 " % (sum(block[:148]) + sum(block[156:]) + 256)

    message = _refused(tmp_path, gzip.compress(bytes(block) + plain[512:]))

    assert message.startswith(r"member 'top/\udcff\udcfe\udcfd\udcfc' has a control character")
    assert "not UTF-8" in message


TYPES = {
    tarfile.SYMTYPE: "is a symbolic link",
    tarfile.LNKTYPE: "is a hard link",
    tarfile.CHRTYPE: "is a device",
    tarfile.BLKTYPE: "is a device",
    tarfile.FIFOTYPE: "is a named pipe",
    tarfile.GNUTYPE_SPARSE: "is a sparse file",
    tarfile.CONTTYPE: "is of the unknown type",
    b"V": "is of the unknown type",
}


@pytest.mark.parametrize("kind", TYPES)
def test_member_that_is_not_a_regular_file_is_refused_by_name(tmp_path: Path, kind: bytes) -> None:
    message = _refused(tmp_path, tar([GOOD, tar_entry("top/odd", type=kind, linkname="../../etc/passwd")]))

    assert message.startswith(f"member 'top/odd' {TYPES[kind]}")


def test_link_with_a_long_target_is_refused(tmp_path: Path) -> None:
    entry = tar_entry("top/odd", type=tarfile.SYMTYPE, linkname="x/" * 100)

    assert "link" in _refused(tmp_path, tar([entry], form=tarfile.GNU_FORMAT))
    assert "overrides linkpath" in _refused(tmp_path, tar([entry], form=tarfile.PAX_FORMAT))


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ("top/a.py", "top/a.py", "occurs twice"),
        ("top/a.py", "top/A.py", "letter case or accents"),
        ("top/stra\N{LATIN SMALL LETTER SHARP S}e", "top/STRASSE", "letter case or accents"),
        ("top/\N{LATIN SMALL LETTER E WITH ACUTE}", "top/e\N{COMBINING ACUTE ACCENT}", "letter case or accents"),
        ("top/dir/a", "top/DIR/b", "letter case or accents"),
        ("top/a", "top/a/b", "is below the file"),
        ("top/a/b", "top/a", "has the name of the folder"),
    ],
)
def test_names_that_collide_are_refused(tmp_path: Path, first: str, second: str, reason: str) -> None:
    assert reason in _refused(tmp_path, tar([tar_entry(first, b"1"), tar_entry(second, b"2")]))


@pytest.mark.parametrize(
    ("pax", "reason"),
    [
        ({"size": "3"}, "overrides size"),
        ({"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}, "overrides GNU.sparse"),
        ({"GNU.sparse.map": "0,1"}, "overrides GNU.sparse.map"),
        ({"hdrcharset": "BINARY"}, "overrides hdrcharset"),
        ({"linkpath": "/etc/passwd"}, "overrides linkpath"),
        ({"path": "../evil"}, "'..'"),
    ],
)
def test_extended_header_that_changes_the_meaning_is_refused(tmp_path: Path, pax: dict[str, str], reason: str) -> None:
    assert reason in _refused(tmp_path, tar([tar_entry("top/a.py", b"abcdef", pax_headers=pax)]))


def _extension(kind: bytes, data: bytes) -> bytes:
    info = tarfile.TarInfo("extension")
    info.type, info.size = kind, len(data)
    return info.tobuf(tarfile.USTAR_FORMAT) + data + bytes(-len(data) % 512)


@pytest.mark.parametrize(
    ("extension", "reason"),
    [
        (_extension(tarfile.XGLTYPE, b"17 path=../evil.\n"), "overrides path"),
        (_extension(tarfile.XHDTYPE, b"9999 path=a\n"), "malformed extended header"),
        (_extension(tarfile.XHDTYPE, b"path=a\n"), "malformed extended header"),
        (_extension(tarfile.XHDTYPE, b"9 path=ab"), "malformed extended header"),
        (_extension(tarfile.XHDTYPE, b"0 \n"), "malformed extended header"),
        (_extension(tarfile.XHDTYPE, b"8 path\n.\n"), "malformed extended header"),
        (_extension(tarfile.XHDTYPE, b"14 path=top/b\n") + _extension(b"L", b"top/c\0"), "two long names"),
        (_extension(tarfile.XHDTYPE, b"x" * (2 << 20)), "extended header of more than"),
    ],
)
def test_extended_header_that_is_malformed_is_refused(tmp_path: Path, extension: bytes, reason: str) -> None:
    plain = tar([tar_entry("top/a.py", b"abc")], mode="", form=tarfile.USTAR_FORMAT)

    assert reason in _refused(tmp_path, gzip.compress(extension + plain))


PLAIN = tar([GOOD, tar_entry("top/b.py", b"y" * 700)], mode="", form=tarfile.USTAR_FORMAT)


def _changed(data: bytes, offset: int) -> bytes:
    """With one byte changed."""
    return bytes(byte ^ 0xFF if index == offset % len(data) else byte for index, byte in enumerate(data))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (_changed(gzip.compress(PLAIN), -6), "not a sound gz file"),
        # The standard library's reader stops in the middle without a word.
        (gzip.compress(_changed(PLAIN, 1024 + 10)), "damaged header: bad checksum"),
        (gzip.compress(PLAIN + b"hidden"), "data after its end"),
        (gzip.compress(_extension(b"L", b"top/c\0") + bytes(1024)), "ends with an extended name without a file"),
        (tar([tar_entry("top/d", b"data", type=tarfile.DIRTYPE)]), "is a folder with contents"),
    ],
    ids=["changed archive", "changed header", "hidden member", "name without a file", "folder with contents"],
)
def test_damaged_or_inconsistent_tar_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    assert reason in _refused(tmp_path, data)


@pytest.mark.parametrize("length", [0, 100, 512, 800, 1024, 1536, 2000, 2560])
def test_tar_that_ends_early_is_refused_wherever_it_ends(tmp_path: Path, length: int) -> None:
    assert "cut short" in _refused(tmp_path, gzip.compress(PLAIN[:length]))


@pytest.mark.parametrize(("mode", "compress"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)])
def test_compressed_data_that_is_not_whole_is_refused(
    tmp_path: Path, mode: str, compress: Callable[[bytes], bytes]
) -> None:
    filename = f"d.tar.{mode}"
    data = compress(PLAIN)

    for length in (0, 5, len(data) // 2, len(data) - 1):
        assert "cut short" in _refused(tmp_path, data[:length], filename)
    for junk in (b"junk", data):
        assert "after the end" in _refused(tmp_path, data + junk, filename)
    assert "not a sound" in _refused(tmp_path, b"\0" * 64, filename)


@pytest.mark.parametrize(
    "size",
    [
        b"\x80" + bytes(10) + b"\x05",  # GNU's form for sizes beyond 8 GiB
        b"\xff" * 11 + b"\xfb",  # -5 in the same form
        b"-0000000005\0",
        b"+0000000005\0",
        b"00_00000005\0",
        b"0o000000005\0",
    ],
)
def test_size_that_is_not_an_octal_number_is_refused(tmp_path: Path, size: bytes) -> None:
    block = bytearray(PLAIN[:512])
    block[124:136] = size
    block[148:156] = b"%06o\0 " % (sum(block[:148]) + sum(block[156:]) + 256)

    assert "has a size that is not an octal number" in _refused(tmp_path, gzip.compress(bytes(block) + PLAIN[512:]))


def test_archive_without_files_is_refused(tmp_path: Path) -> None:
    assert "holds no files" in _refused(tmp_path, sdist({}))
    assert "holds no files" in _refused(tmp_path, zip_sdist({}), "d.zip")


# --- bombs


def _bomb(tmp_path: Path, mode: str) -> Path:
    """7 GB of zeros in one member, of which the file has the first 20 MB: a reader must stop before their end."""
    header = tarfile.TarInfo("top/zeros")
    header.size = 7 << 30
    path = tmp_path / f"bomb.tar.{mode}"
    with path.open("wb") as packed:
        stream: IO[bytes] = {"gz": gzip.open, "xz": lzma.open, "bz2": bz2.open}[mode](packed, "wb")  # type: ignore[operator]  # one signature
        with stream:
            stream.write(header.tobuf(tarfile.PAX_FORMAT))
            for _ in range(20):
                stream.write(bytes(1 << 20))
    return path


@pytest.mark.parametrize("mode", ["gz", "bz2", "xz"])
def test_zeros_without_end_stop_early_in_little_memory(tmp_path: Path, mode: str) -> None:
    bomb = _bomb(tmp_path, mode)
    limits = Limits(file_bytes=8 << 30, ratio_from=1 << 20)
    tracemalloc.start()
    with pytest.raises(FixtureError, match="unpacks to more than 100 times its size"):
        list(unpack(bomb, filename=bomb.name, limits=limits))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 12 << 20
    with pytest.raises(FixtureError, match=r"member 'top/zeros' is larger than 67,108,864 bytes"):
        list(unpack(bomb, filename=bomb.name))


def test_members_that_exceed_the_total_limit_are_refused(tmp_path: Path) -> None:
    files = {f"f{number}": bytes([number]) * 1000 for number in range(20)}

    assert "more than 10,000 bytes" in _refused(tmp_path, sdist(files), limits=Limits(total_bytes=10_000))
    assert "more than 10,000 bytes" in _refused(tmp_path, zip_sdist(files), "d.zip", Limits(total_bytes=10_000))


def test_xz_that_wants_gigabytes_of_memory_is_refused(tmp_path: Path) -> None:
    # The dictionary's size is one byte of the block header (xz file format 1.2, 3.1 and 5.3.1).
    data = bytearray(lzma.compress(PLAIN))
    size = (data[12] + 1) * 4
    assert data[14] == 0x21
    data[16] = 40
    data[12 + size - 4 : 12 + size] = struct.pack("<I", zlib.crc32(data[12 : 12 + size - 4]))

    assert "not a sound xz file: Memory usage limit exceeded" in _refused(tmp_path, bytes(data), "d.tar.xz")


# --- zip


def _zip(*members: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for info, data in members:
            archive.writestr(info, data)
    return stream.getvalue()


def _member(name: str = "top/a.py", settings: Mapping[str, object] | None = None) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    for key, value in (settings or {}).items():
        setattr(info, key, value)
    return info


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"external_attr": (stat.S_IFLNK | 0o777) << 16}, "is a symbolic link"),
        ({"external_attr": (stat.S_IFIFO | 0o644) << 16}, "is not a regular file"),
        ({"external_attr": (stat.S_IFDIR | 0o755) << 16}, "is not a regular file"),
        ({"compress_type": zipfile.ZIP_LZMA}, "is packed by the unusual method"),
    ],
)
def test_odd_member_of_a_zip_is_refused(tmp_path: Path, settings: dict[str, object], reason: str) -> None:
    assert f"member 'top/a.py' {reason}" in _refused(tmp_path, _zip((_member(settings=settings), b"x")), "d.zip")


def _patched(data: bytes, offset: int, change: bytes, *, near: bytes) -> bytes:
    """`data` with bytes changed at a distance from the last `near`."""
    at = data.rindex(near) + offset
    return data[:at] + change + data[at + len(change) :]


CENTRAL, END = b"PK\1\2", b"PK\5\6"
ONE = _zip((_member(), b"x = 1\n" * 50))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (_patched(ONE, 8, b"\1\0", near=CENTRAL), "is encrypted"),
        (_patched(ONE, 24, b"\x90\0\0\0", near=CENTRAL), "not a sound zip file|size that the directory says"),
        (_patched(ONE, 16, b"\0\0\0\0", near=CENTRAL), "not a sound zip file: Bad CRC-32"),
        (_patched(zip_sdist({"a.py": b"x = 1"}), 24, b"\x09\0\0\0", near=CENTRAL), "size that the directory says"),
        (_patched(zip_sdist({"a.py": b"x = 1"}), 24, b"\0\0\0\0", near=CENTRAL), "Bad CRC-32"),
        (_patched(ONE, 10, b"\xff\xff", near=END), "more than 50,000 members"),
        (_patched(ONE, 16, b"\0\0\0\0", near=END), "directory is not where"),
        (_patched(ONE, 46, b"top/b.py", near=CENTRAL), "not a sound zip file"),
        (_patched(ONE, 46, b"top/a\0py", near=CENTRAL), "has two different names"),
        (
            _patched(ONE.replace(b"top/a.py", b"top/\xff.py"), 8, b"\0\x08", near=CENTRAL),
            "not a sound zip file: 'utf-8'",
        ),
        (b"#!shell\n" + ONE, "directory is not where"),
        (ONE + b"junk", "data after its end"),
        (ONE[:-10], "is cut short"),
        (b"", "is cut short"),
        (b"PK\5\6", "is cut short"),
        (ONE[:40] + ONE[60:], "directory is not where"),
        (_zip((_member("top/d/"), b"data")), "folder with contents"),
    ],
)
def test_inconsistent_zip_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    message = _refused(tmp_path, data, "d.zip")

    assert any(words in message for words in reason.split("|")), message


def test_zip_whose_first_member_is_hidden_is_refused(tmp_path: Path) -> None:
    two = _zip((_member("top/a.py"), b"a"), (_member("top/b.py"), b"b"))
    first = two.index(CENTRAL)
    second = two.index(CENTRAL, first + 1)
    end = two.index(END)
    hidden = two[:first] + two[second:end] + two[end:]
    hidden = _patched(hidden, 8, struct.pack("<HHI", 1, 1, end - second), near=END)

    assert "data before its beginning" in _refused(tmp_path, hidden, "d.zip")


def test_zip_bomb_is_refused_by_its_declared_and_its_actual_size(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("top/zeros", bytes(32 << 20))
    data = stream.getvalue()

    assert "unpacks to more than 100 times its size" in _refused(tmp_path, data, "d.zip")
    assert "is larger than 1,000,000 bytes" in _refused(tmp_path, data, "d.zip", Limits(file_bytes=1_000_000))
    small = struct.pack("<I", 10)
    assert "not a sound zip file" in _refused(tmp_path, _patched(data, 24, small, near=CENTRAL), "d.zip")


def test_zip_names_that_collide_are_refused(tmp_path: Path) -> None:
    data = _zip((_member("top/a.py"), b"1"), (_member("top/A.py"), b"2"))

    assert "letter case or accents" in _refused(tmp_path, data, "d.zip")

"""Sound archives, in every format that projects publish."""

from __future__ import annotations

import gzip
import tarfile
from pathlib import Path

import pytest

from pytest_orchestrator.errors import FixtureError
from pytest_orchestrator.fixture_store.member import Limits, SourceFile
from pytest_orchestrator.fixture_store.unpack import unpack
from tests.fixture_store.archives import SMALL, sdist, tar, tar_entry, zip_sdist


def _unpack(
    tmp_path: Path, data: bytes, filename: str = "demo-1.0.tar.gz", limits: Limits | None = None
) -> list[SourceFile]:
    archive = tmp_path / "archive"
    archive.write_bytes(data)
    return list(unpack(archive, filename=filename, limits=limits))


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (sdist(mode="gz"), "tar.gz"),
        (sdist(mode="gz"), "tgz"),
        (sdist(mode="bz2"), "tar.bz2"),
        (sdist(mode="xz"), "tar.xz"),
        (zip_sdist(), "zip"),
    ],
    ids=["tar.gz", "tgz", "tar.bz2", "tar.xz", "zip"],
)
def test_every_file_comes_out_byte_for_byte_without_the_top_folder(tmp_path: Path, data: bytes, ending: str) -> None:
    files = _unpack(tmp_path, data, f"demo-1.0.{ending}")

    assert {file.path: file.data for file in files} == SMALL
    assert [file.path for file in files if file.executable] == ["demo/run.sh"]


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_survive_in_every_tar_format(tmp_path: Path, form: int) -> None:
    name = "/".join(["top", *["folder" * 8] * 3, "a-file-with-a-name-of-some-length.py"])
    assert len(name) > 100

    (file,) = _unpack(tmp_path, tar([tar_entry(name, b"x")], form=form))

    assert file.path == name.removeprefix("top/")


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_names_outside_ascii_survive(tmp_path: Path, form: int) -> None:
    (file,) = _unpack(tmp_path, tar([tar_entry("top/дом/\N{SNOWMAN}.py", b"x")], form=form))

    assert file.path == "дом/\N{SNOWMAN}.py"


def test_large_file_and_empty_file_survive(tmp_path: Path) -> None:
    large = bytes(range(256)) * 4096

    files = _unpack(tmp_path, sdist({"large.bin": large, "empty": b""}))

    assert [file.data for file in files] == [large, b""]


def test_names_that_begin_with_dot_slash_are_read(tmp_path: Path) -> None:
    (file,) = _unpack(tmp_path, tar([tar_entry("./top/", type=tarfile.DIRTYPE), tar_entry("./top/a.py", b"x")]))

    assert file.path == "a.py"


def test_comment_for_the_whole_archive_is_skipped(tmp_path: Path) -> None:
    # `git archive` writes the commit's id so.
    data = tar([tar_entry("top/a.py", b"x")], form=tarfile.USTAR_FORMAT, mode="")
    record = b"52 comment=0123456789012345678901234567890123456789\n"
    header = tarfile.TarInfo("pax_global_header")
    header.size, header.type = len(record), tarfile.XGLTYPE
    whole = header.tobuf(tarfile.USTAR_FORMAT) + record + bytes(512 - len(record)) + data
    (file,) = _unpack(tmp_path, gzip.compress(whole))

    assert file.path == "a.py"


def test_limits_are_inclusive(tmp_path: Path) -> None:
    data = sdist({"a": b"12345", "b": b"6"}, top="t")
    limits = Limits(members=3, file_bytes=5)

    assert len(_unpack(tmp_path, data, limits=limits)) == 2
    with pytest.raises(FixtureError, match="more than 2 members"):
        _unpack(tmp_path, data, limits=Limits(members=2))
    with pytest.raises(FixtureError, match=r"member 't/a' is larger than 4 bytes"):
        _unpack(tmp_path, data, limits=Limits(file_bytes=4))


def test_unknown_format_is_named(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match=r"demo-1.0.tar.Z: has an unknown format"):
        _unpack(tmp_path, b"", "demo-1.0.tar.Z")


def test_absent_archive_is_named(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match=r"demo.zip: can't be read: No such file"):
        list(unpack(tmp_path / "absent", filename="demo.zip"))

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import decode_utf8, read_limited, read_text, write_atomic


def test_a_file_larger_than_the_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * 11)
    assert read_limited(tmp_path / "big", max_bytes=11) == b"x" * 11
    with pytest.raises(InputError, match="larger than 10 bytes"):
        read_limited(tmp_path / "big", max_bytes=10, display_path="big")


def test_unreadable_file_is_named(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent"):
        with pytest.raises(InputError, match="display-name: can't be read"):
            read_limited(path, max_bytes=10, display_path="display-name")


def test_a_fifo_does_not_hang_the_reader(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(InputError, match="not a regular file"):
        read_limited(tmp_path / "fifo", max_bytes=10)


@pytest.mark.parametrize(
    ("data", "line", "message"), [(b"a\n\0", 2, "NUL byte"), (b"a\nb\n\xe9t\xe9", 3, "byte 0xe9 at offset 4")]
)
def test_binary_data_is_an_error_with_its_line(data: bytes, line: int, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        decode_utf8(data, display_path="f")
    assert caught.value.line == line


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode_utf8(b"\xef\xbb\xbfa", display_path="f") == "a"


def test_the_text_of_a_file_is_read_without_its_mark_and_refused_when_it_is_binary(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfa")
    assert read_text(path, max_bytes=4) == "a"
    with pytest.raises(InputError, match="larger than 3 bytes"):
        read_text(path, max_bytes=3)
    path.write_bytes(b"\0")
    with pytest.raises(InputError) as refused:
        read_text(path, max_bytes=4, display_path="b.txt")
    assert refused.value.path == "b.txt"


def test_a_replaced_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "script"
    path.write_text("old")
    path.chmod(0o750)
    write_atomic(path, b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o750)
    write_atomic(path, b"newer", mode=0o600)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_failed_write_leaves_the_old_file_and_no_temporary_file(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    target.mkdir()
    (target / "inside").touch()
    with pytest.raises(OSError, match="folder"):
        write_atomic(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]

"""Snapshots and diffs of a folder that an agent has had its way with."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_orchestrator.errors import FixtureError
from pytest_orchestrator.fixture_store.checkout import Checkout, FileChange
from pytest_orchestrator.fixture_store.store import Store
from pytest_orchestrator.git.objects import REGULAR, SUBMODULE
from tests.fixture_store.archives import pin_of, put, put_tree, sdist
from tests.fixture_store.test_store import TRICKY


@pytest.fixture
def checkout(store: Store, tmp_path: Path) -> Checkout:
    """A checkout of SMALL."""
    return store.checkout(put(store), tmp_path / "work")


def _changes(store: Store, checkout: Checkout) -> dict[str, str]:
    diff = store.diff(checkout, store.snapshot(checkout))
    return {change.path: change.status for change in diff.changes}


def test_untouched_checkout_is_its_pin(store: Store, checkout: Checkout) -> None:
    snapshot = store.snapshot(checkout)
    diff = store.diff(checkout, snapshot)

    assert snapshot.tree == checkout.pin.tree
    assert (snapshot.links, snapshot.foreign) == ((), {})
    assert (diff.changes, diff.patch) == ((), b"")
    assert snapshot.objects.parent == checkout.root.parent
    assert list(snapshot.objects.iterdir()) == []


def test_every_kind_of_change_is_reported(store: Store, checkout: Checkout) -> None:
    root = checkout.root
    (root / "demo/__init__.py").write_bytes(b"x = 1\r\ny = 3")
    (root / "README").unlink()
    (root / "setup.py").chmod(0o755)
    (root / "new").mkdir()
    (root / "new/file.py").write_bytes(b"a\nb\n")
    (root / "new/raw.bin").write_bytes(b"\0\n\n")
    (root / "empty").mkdir()

    diff = store.diff(checkout, store.snapshot(checkout))

    assert diff.changes == (
        FileChange(path="README", status="deleted", removed=1),
        FileChange(path="demo/__init__.py", status="modified", added=1, removed=1),
        FileChange(path="new/file.py", status="added", added=2),
        FileChange(path="new/raw.bin", status="added"),
        FileChange(path="setup.py", status="modified"),
    )


def test_change_that_keeps_the_size_and_the_time_is_seen(store: Store, checkout: Checkout) -> None:
    path = checkout.root / "setup.py"
    before = path.stat()
    path.write_bytes(path.read_bytes().swapcase())
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert _changes(store, checkout) == {"setup.py": "modified"}


def test_patch_turns_the_checkout_into_the_snapshot(store: Store, tmp_path: Path) -> None:
    checkout = store.checkout(put(store, TRICKY), tmp_path / "work")
    root = checkout.root
    (root / "crlf.py").write_bytes(b"x = 2\r\n\r\n")
    (root / "latin.py").write_bytes("# è\n".encode("latin-1"))
    (root / "bytes.bin").write_bytes(bytes(reversed(range(256))))
    (root / "nothing").write_bytes(b"something\n")
    (root / "no-newline").write_bytes(b"y")
    (root / "дом/\N{SNOWMAN}.py").write_bytes(b"z\n")
    (root / "demo/run.sh").chmod(0o644)
    (root / "ident.py").unlink()
    (root / ".gitattributes").write_bytes(b"* binary -diff\n")
    (root / 'a\nb\t"c" d').write_bytes(b"odd\n")
    (root / "link").symlink_to("crlf.py")
    (root / "raw.bin").write_bytes(os.urandom(1000))
    (root / "deep/er").mkdir(parents=True)
    (root / "deep/er/empty").write_bytes(b"")
    with open(os.fsencode(root) + b"/caf\xe9.py", "wb") as stream:  # noqa: PTH123 - a name that is not UTF-8
        stream.write(b"1\n")
    snapshot = store.snapshot(checkout)
    diff = store.diff(checkout, snapshot)
    again = store.checkout(checkout.pin, tmp_path / "again")

    applied = subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "-"], cwd=again.root, input=diff.patch, check=False, capture_output=True
    )

    assert applied.returncode == 0, applied.stderr
    assert store.snapshot(again).tree == snapshot.tree
    backwards = ["git", "apply", "-R", "--whitespace=nowarn", "-"]
    subprocess.run(backwards, cwd=again.root, input=diff.patch, check=True)
    assert store.snapshot(again).tree == checkout.pin.tree
    assert {change.path for change in diff.changes} >= {"caf\\xe9.py", 'a\nb\t"c" d', "link"}


def test_links_are_recorded_and_never_followed(store: Store, checkout: Checkout, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key").write_bytes(b"do not read me\n")
    (checkout.root / "to-file").symlink_to(secret / "key")
    (checkout.root / "demo" / "to-folder").symlink_to(secret)
    (checkout.root / "setup.py").unlink()
    (checkout.root / "setup.py").symlink_to("setup.py")

    snapshot = store.snapshot(checkout)
    diff = store.diff(checkout, snapshot)

    assert snapshot.links == ("demo/to-folder", "setup.py", "to-file")
    assert {change.path for change in diff.changes} == {"demo/to-folder", "setup.py", "to-file"}
    assert b"do not read me" not in diff.patch
    assert b"new file mode 120000" in diff.patch


def test_what_git_cant_hold_is_listed_and_not_opened(store: Store, checkout: Checkout, tmp_path: Path) -> None:
    root = checkout.root
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as listener, pytest.MonkeyPatch.context() as here:
        here.chdir(root)
        listener.bind("socket")
    (root / "huge").write_bytes(b"")
    os.truncate(root / "huge", 300 << 20)

    snapshot = store.snapshot(checkout)

    assert snapshot.foreign == {
        "huge": "a file of more than 268,435,456 bytes",
        "pipe": "a named pipe",
        "socket": "a socket",
    }
    assert snapshot.tree == checkout.pin.tree


def test_plain_file_that_became_a_pipe_is_deleted_and_foreign(store: Store, checkout: Checkout) -> None:
    (checkout.root / "setup.py").unlink()
    os.mkfifo(checkout.root / "setup.py")

    snapshot = store.snapshot(checkout)

    assert [*snapshot.foreign] == ["setup.py"]
    assert store.diff(checkout, snapshot).changes == (FileChange(path="setup.py", status="deleted", removed=1),)


@pytest.mark.skipif(not hasattr(os, "mknod") or os.geteuid() != 0, reason="only root can make a device")
def test_device_is_listed(store: Store, checkout: Checkout) -> None:
    try:
        os.mknod(checkout.root / "null", stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("no devices may be made here")

    assert store.snapshot(checkout).foreign == {"null": "a device"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable_file_and_folder_are_listed(store: Store, checkout: Checkout) -> None:
    (checkout.root / "setup.py").chmod(0)
    (checkout.root / "demo").chmod(0)

    foreign = store.snapshot(checkout).foreign
    (checkout.root / "demo").chmod(0o755)

    assert foreign == {
        "demo": "a folder that can't be read: Permission denied",
        "setup.py": "a file that can't be read: Permission denied",
    }


def test_folders_too_deep_to_be_named_are_listed(store: Store, checkout: Checkout) -> None:
    here = os.open(checkout.root, os.O_RDONLY)
    try:
        for _ in range(30):
            os.mkdir("d" * 200, dir_fd=here)
            below = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
    finally:
        os.close(here)

    (reason,) = store.snapshot(checkout).foreign.values()

    assert "can't be read: File name too long" in reason


def test_file_that_became_a_link_is_one_change(store: Store, checkout: Checkout) -> None:
    (checkout.root / "setup.py").unlink()
    (checkout.root / "setup.py").symlink_to("elsewhere")

    diff = store.diff(checkout, store.snapshot(checkout))

    assert diff.changes == (FileChange(path="setup.py", status="modified", added=1, removed=1),)


@pytest.mark.parametrize("name", [".git", ".GIT", ".git ", "git~1"])
def test_embedded_repository_is_listed_and_not_read(store: Store, checkout: Checkout, name: str) -> None:
    marker = checkout.root / "was-run"
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=checkout.root, check=True)
    hook = checkout.root / ".git" / "monitor"
    hook.write_text(f"#!/bin/sh\ntouch '{marker}'\n")
    hook.chmod(0o755)
    subprocess.run(["git", "config", "core.fsmonitor", str(hook)], cwd=checkout.root, check=True)
    (checkout.root / ".git").rename(checkout.root / name)
    (checkout.root / "setup.py").write_bytes(b"changed\n")

    snapshot = store.snapshot(checkout)
    diff = store.diff(checkout, snapshot)

    assert snapshot.foreign == {name: "git reserves this name; its content was not read"}
    assert diff.changes == (FileChange(path="setup.py", status="modified", added=1, removed=1),)
    assert not marker.exists()


def test_submodule_of_a_pin_stays_unless_a_file_replaces_it(store: Store, tmp_path: Path) -> None:
    entries: list[tuple[str, int, bytes | str]] = [
        ("a.py", REGULAR, b"x\n"),
        ("vendor/one", SUBMODULE, "1" * 40),
        ("vendor/two", SUBMODULE, "2" * 40),
    ]
    pin = put_tree(store, replace(pin_of(sdist()), files=1, python_files=1), entries)

    assert store.problems(pin) == ()
    assert store.contents(pin.tree).submodules == 2
    checkout = store.checkout(pin, tmp_path / "work")
    assert store.snapshot(checkout).tree == pin.tree
    (checkout.root / "vendor" / "one" / "new.py").write_bytes(b"y\n")
    (checkout.root / "vendor" / "two").rmdir()
    (checkout.root / "vendor" / "two").write_bytes(b"z\n")
    assert _changes(store, checkout) == {
        "vendor/one": "deleted",
        "vendor/one/new.py": "added",
        "vendor/two": "modified",
    }


def test_two_snapshots_of_one_checkout_are_independent(store: Store, checkout: Checkout) -> None:
    (checkout.root / "setup.py").write_bytes(b"one\n")
    first = store.snapshot(checkout)
    (checkout.root / "setup.py").write_bytes(b"two\n")
    second = store.snapshot(checkout)

    assert b"+one" in store.diff(checkout, first).patch
    assert b"+two" in store.diff(checkout, second).patch


def test_snapshot_writes_nothing_into_the_store(store: Store, checkout: Checkout) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in store.root.rglob("*"))
    (checkout.root / "setup.py").write_bytes(os.urandom(5000))

    store.diff(checkout, store.snapshot(checkout))

    assert sorted((path, path.stat().st_mtime_ns) for path in store.root.rglob("*")) == before


def test_checkout_that_is_gone_or_a_link_is_an_error(store: Store, checkout: Checkout, tmp_path: Path) -> None:
    checkout.root.rename(tmp_path / "moved")
    with pytest.raises(FixtureError, match="is not a folder any more"):
        store.snapshot(checkout)
    checkout.root.symlink_to(tmp_path / "moved")
    with pytest.raises(FixtureError, match="is not a folder any more"):
        store.snapshot(checkout)


def test_snapshot_of_a_pin_that_left_the_store_names_the_command(store: Store, checkout: Checkout) -> None:
    snapshot = store.snapshot(checkout)
    for pack in (store.git_dir / "objects" / "pack").iterdir():
        pack.unlink()

    with pytest.raises(FixtureError, match=r"demo 1\.0 is damaged in the store") as caught:
        store.snapshot(checkout)
    assert "fixtures fetch demo" in caught.value.fix
    with pytest.raises(FixtureError, match=r"the change of demo 1\.0 can't be computed"):
        store.diff(checkout, replace(snapshot, tree="1" * 40))

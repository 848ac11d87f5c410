"""The store: what counts as being in it, and what comes out of it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_orchestrator.errors import FixtureError
from pytest_orchestrator.fixture_store.pin import SdistPin
from pytest_orchestrator.fixture_store.store import Store, default_store
from pytest_orchestrator.git.command import sealed_git
from pytest_orchestrator.git.objects import (
    LINK,
    REGULAR,
    LooseObjects,
    list_tree,
    object_id,
)
from tests.fixture_store.archives import SMALL, Files, git_tree, pin_of, put, put_tree, sdist

TRICKY: Files = {
    ".gitattributes": b"* text eol=crlf ident filter=evil working-tree-encoding=UTF-16\n*.bin diff=evil\n",
    ".gitignore": b"*\n",
    "crlf.py": b"x = 1\r\n\r\n",
    "ident.py": b"# $Id$ $Id: 0000 $\n",
    "latin.py": "# é\n".encode("latin-1"),
    "bytes.bin": bytes(range(256)),
    "nothing": b"",
    "no-newline": b"x",
    "дом/\N{SNOWMAN}.py": b"y\n",
    "demo/run.sh": b"#!/bin/sh\n",
}


def test_absent_store_has_no_pins_and_is_not_created_by_reading(store: Store) -> None:
    pin = pin_of(sdist())

    assert not store.has(pin)
    assert store.problems(pin) == ("it is not in the store, or only in part",)
    assert not store.root.exists()


def test_installed_pin_is_intact(store: Store) -> None:
    pin = put(store)

    assert store.has(pin)
    assert store.problems(pin) == ()
    contents = store.contents(pin.tree)
    assert (contents.files, contents.python_files, contents.links, contents.submodules) == (4, 2, 0, 0)
    assert not store.has(replace(pin, tree="0" * 40))
    assert not store.has(replace(pin, sha256="0" * 64))


def test_checkout_is_byte_for_byte_despite_the_trees_own_attributes(store: Store, tmp_path: Path) -> None:
    pin = put(store, TRICKY)

    checkout = store.checkout(pin, tmp_path / "a" / "work")

    found = {
        path.relative_to(checkout.root).as_posix(): path.read_bytes()
        for path in checkout.root.rglob("*")
        if path.is_file()
    }
    assert found == TRICKY
    assert os.access(checkout.root / "demo" / "run.sh", os.X_OK)
    assert not os.access(checkout.root / "crlf.py", os.X_OK)
    assert (checkout.pin, checkout.pin.tree) == (pin, git_tree(TRICKY))


def test_checkout_needs_a_new_or_empty_folder(store: Store, tmp_path: Path) -> None:
    pin = put(store)
    (tmp_path / "work").mkdir()

    store.checkout(pin, tmp_path / "work")

    with pytest.raises(FixtureError, match="is not empty"):
        store.checkout(pin, tmp_path / "work")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FixtureError, match="is not empty"):
        store.checkout(pin, tmp_path / "link")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FixtureError, match=r"can't be checked out into .*file: File exists"):
        store.checkout(pin, tmp_path / "file")


def test_checkout_of_an_absent_pin_names_the_command(store: Store, tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match=r"demo 1\.0 is not in the fixture store") as caught:
        store.checkout(pin_of(sdist()), tmp_path / "work")

    assert "pytest-orchestrator fixtures fetch demo" in caught.value.fix
    assert not (tmp_path / "work").exists()


def test_link_of_a_pin_becomes_a_plain_file(store: Store, tmp_path: Path) -> None:
    pin = put_tree(store, pin_of(sdist()), [("link", LINK, b"/etc/passwd")])

    checkout = store.checkout(pin, tmp_path / "work")

    assert not (checkout.root / "link").is_symlink()
    assert (checkout.root / "link").read_bytes() == b"/etc/passwd"
    assert store.snapshot(checkout).tree == pin.tree


def test_users_git_configuration_changes_nothing(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config"
    config.write_text(
        "[core]\nautocrlf = true\nsymlinks = true\n[init]\ndefaultObjectFormat = sha256\ntemplateDir = /nowhere\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_DEFAULT_HASH", "sha256")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", "/nowhere")
    store.prepare()
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_OBJECT_DIRECTORY")
    monkeypatch.delenv("GIT_DEFAULT_HASH")
    pin = put(store, TRICKY)

    assert store.snapshot(store.checkout(pin, tmp_path / "work")).tree == pin.tree


def _pack(store: Store) -> Path:
    (pack,) = (store.git_dir / "objects" / "pack").glob("*.pack")
    pack.chmod(0o644)
    return pack


def test_truncated_pack_is_found_even_without_hashing(store: Store) -> None:
    pin = put(store)
    pack = _pack(store)
    pack.write_bytes(pack.read_bytes()[:60])

    assert not store.has(pin)


def test_pin_survives_gits_housekeeping(store: Store) -> None:
    pin = put(store)

    sealed_git(store.git_dir).output("gc", "--prune=now", "--quiet")

    assert store.problems(pin) == ()


def test_headless_repository_is_replaced(store: Store) -> None:
    put(store)
    (store.git_dir / "HEAD").unlink()

    pin = put(store)

    assert store.problems(pin) == ()


def test_many_processes_prepare_one_store(store: Store) -> None:
    code = (
        "import sys; from pathlib import Path; from pytest_orchestrator.fixture_store.store import Store;"
        "sys.stdin.readline(); Store(Path(sys.argv[1])).prepare()"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code, store.root], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    ends = [process.communicate(b"go\n") for process in processes]

    assert [process.returncode for process in processes] == [0] * 4, ends
    assert store.problems(put(store)) == ()
    assert not list((store.root / "incoming").glob("store-*"))


def test_environment_names_the_users_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ORCHESTRATOR_STORE", str(tmp_path / "chosen"))
    assert default_store().root == tmp_path / "chosen"

    monkeypatch.delenv("PYTEST_ORCHESTRATOR_STORE")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert default_store().root.name == "pytest-orchestrator"
    assert default_store().root.is_relative_to(tmp_path)


def test_lock_held_by_another_process_is_an_error_after_the_timeout(store: Store) -> None:
    store.prepare()

    held = pytest.raises(FixtureError, match=r"another process has locked .*x.lock for 0.01 s")
    with store.lock("x"), held, Store(store.root).lock("x", timeout_s=0.01):
        pass


def test_counts_that_differ_from_the_lock_are_a_problem(store: Store) -> None:
    pin = put(store)

    assert store.problems(replace(pin, files=5, python_files=1)) == (
        "the lock says files 5, it has 4",
        "the lock says python_files 1, it has 2",
    )


def test_damaged_file_and_folder_are_named(store: Store) -> None:
    """In a store whose objects lie loose, as git's own tools may leave them."""
    pin = put(store)
    pack = _pack(store)
    data = pack.read_bytes()
    for path in (store.git_dir / "objects" / "pack").iterdir():
        path.unlink()
    sealed_git(store.git_dir).output("unpack-objects", "-q", input=data)
    other = LooseObjects(store.root / "incoming" / "test" / "other")
    for kind, old in (("blob", SMALL["setup.py"]), ("tree", b"")):
        name = object_id("blob", old) if kind == "blob" else _folder(store, pin, b"demo")
        new = other.write(kind, b"")
        target = store.git_dir / "objects" / name[:2] / name[2:]
        target.chmod(0o644)
        target.write_bytes((store.root / "incoming" / "test" / "other" / new[:2] / new[2:]).read_bytes())

    assert set(store.problems(pin)) >= {"setup.py is damaged", "demo is damaged"}
    put(store)
    assert store.problems(pin) == ()


def _folder(store: Store, pin: SdistPin, path: bytes) -> str:
    return next(entry.id for entry in list_tree(sealed_git(store.git_dir), pin.tree) if entry.path == path)


def test_absent_tree_has_no_contents(store: Store) -> None:
    store.prepare()

    with pytest.raises(FixtureError, match=r"the tree 1{40} can't be read"):
        store.contents("1" * 40)


def test_checkout_of_names_that_git_refuses_is_an_error(store: Store, tmp_path: Path) -> None:
    pin = put_tree(store, pin_of(sdist()), [(".git/config", REGULAR, b"[core]\n")])

    with pytest.raises(FixtureError, match=r"can't be checked out into .*invalid path"):
        store.checkout(pin, tmp_path / "work")


def test_objects_that_are_absent_are_not_installed(store: Store) -> None:
    store.prepare()
    pin = pin_of(sdist())

    with pytest.raises(FixtureError, match=r"demo 1\.0 can't be put into the store") as caught:
        store.install(pin, store.root / "incoming")

    assert str(store.git_dir) in caught.value.fix
    assert not store.has(pin)

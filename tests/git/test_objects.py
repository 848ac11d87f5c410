"""Our objects against git's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_orchestrator.git.command import Git, sealed_git
from pytest_orchestrator.git.objects import (
    EXECUTABLE,
    FOLDER,
    LINK,
    REGULAR,
    SUBMODULE,
    LooseObjects,
    TreeEntry,
    build_tree,
    damaged_objects,
    list_tree,
    object_id,
)


@pytest.fixture
def repository(tmp_path: Path) -> Git:
    (tmp_path / "r.git").mkdir()
    git = sealed_git(tmp_path / "r.git")
    git.output("init", "--quiet", "--bare")
    return git


def _objects(git: Git) -> LooseObjects:
    return LooseObjects(git.cwd / "objects")


def test_tree_is_the_one_that_git_writes(repository: Git, tmp_path: Path) -> None:
    objects = _objects(repository)
    blob = objects.write("blob", b"x")
    # "a-b" sorts before the folder "a" and "a0" behind it: git sorts a folder as if its name ended with a slash.
    paths = [b"a/c", b"a-b", b"a0", b"z/y/x/w.py", b"\xe9\n", b"a/b"]
    entries = [TreeEntry(path=path, mode=REGULAR, id=blob) for path in paths]
    entries += [
        TreeEntry(path=b"run", mode=EXECUTABLE, id=blob),
        TreeEntry(path=b"link", mode=LINK, id=blob),
        TreeEntry(path=b"vendor/other", mode=SUBMODULE, id="1" * 40),
    ]

    tree = build_tree(entries, objects.write)

    records = b"".join(b"%o %b\t%b\0" % (entry.mode, entry.id.encode(), entry.path) for entry in entries)
    indexed = sealed_git(repository.cwd, index=tmp_path / "index")
    indexed.output("update-index", "-z", "--index-info", input=records)
    assert tree == indexed.line("write-tree")
    repository.output("fsck", "--strict", tree)
    assert {entry.path for entry in list_tree(repository, tree) if entry.mode != FOLDER} == {e.path for e in entries}


def test_empty_tree_is_gits_empty_tree(repository: Git) -> None:
    assert build_tree([], _objects(repository).write) == "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def test_tree_deeper_than_the_stack_is_built(repository: Git) -> None:
    entry = TreeEntry(path=b"d/" * 1900 + b"f", mode=REGULAR, id=object_id("blob", b""))
    written = []

    def write(kind: str, data: bytes) -> str:
        written.append(kind)
        return object_id(kind, data)

    build_tree([entry], write)

    assert written == ["tree"] * 1901


def _overwrite(git: Git, name: str, data: bytes) -> None:
    path = git.cwd / "objects" / name[:2] / name[2:]
    path.unlink()
    path.write_bytes(data)


def test_damage_is_found_wherever_it_is(repository: Git) -> None:
    objects = _objects(repository)
    names = [objects.write("blob", b"%d" % number) for number in range(8)]
    other = LooseObjects(repository.cwd / "other")
    swapped = other.write("blob", b"something else")
    _overwrite(repository, names[2], (repository.cwd / "other" / swapped[:2] / swapped[2:]).read_bytes())
    _overwrite(repository, names[4], b"garbage")
    _overwrite(repository, names[5], b"")
    (repository.cwd / "objects" / names[7][:2] / names[7][2:]).unlink()

    assert damaged_objects(repository, names) == (names[2], names[4], names[5], names[7])
    assert damaged_objects(repository, names, at_most=2) == (names[2], names[4])


def test_intact_objects_are_not_reported(repository: Git) -> None:
    objects = _objects(repository)
    names = [objects.write("blob", b"%d\n" % number) for number in range(1200)]
    tree = build_tree([TreeEntry(path=b"a", mode=REGULAR, id=names[0])], objects.write)

    assert damaged_objects(repository, [*names, tree]) == ()


def test_full_disk_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "objects").write_bytes(b"in the way")

    with pytest.raises(OSError, match="objects"):
        LooseObjects(tmp_path / "objects").write("blob", b"x")

from __future__ import annotations

import os
import resource
import stat
from pathlib import Path

import pytest

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.glob_pattern import glob_pattern
from pytest_orchestrator.pattern_engine.host.workspace import SourceFile, Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = tmp_path / "tree"
    for name in ("a.py", "b.pyi", "notes.txt", "src/pkg/c.py", "src/pkg/deep/d.py", "src/e.py"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n")
    return Workspace(root)


def test_everything_is_selected_sorted(workspace: Workspace) -> None:
    assert workspace.select() == ("a.py", "b.pyi", "src/e.py", "src/pkg/c.py", "src/pkg/deep/d.py")


@pytest.mark.parametrize(
    ("paths", "selected"),
    [
        (["a.py"], ("a.py",)),
        (["./a.py", "a.py"], ("a.py",)),
        (["src/pkg"], ("src/pkg/c.py", "src/pkg/deep/d.py")),
        (["src/*.py"], ("src/e.py",)),
        (["src/**/*.py"], ("src/e.py", "src/pkg/c.py", "src/pkg/deep/d.py")),
        (["**/[cd].py"], ("src/pkg/c.py", "src/pkg/deep/d.py")),
        (["?.pyi", "src/pkg/c.py"], ("b.pyi", "src/pkg/c.py")),
        (["."], ("a.py", "b.pyi", "src/e.py", "src/pkg/c.py", "src/pkg/deep/d.py")),
    ],
)
def test_files_folders_and_globs_select(workspace: Workspace, paths: list[str], selected: tuple[str, ...]) -> None:
    assert workspace.select(paths) == selected


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("../outside.py", "is outside of the workspace"),
        ("src/../a.py", "is outside of the workspace"),
        ("/etc/passwd", "is outside of the workspace"),
        ("", "is no path"),
        ("a\0.py", "is no path"),
        ("nowhere.py", "does not exist"),
        ("x" * 5000, "does not exist"),
        ("notes.txt", "is not a Python file"),
        ("lib/*.py", "matches no Python file"),
        ("*.txt", "matches no Python file"),
    ],
)
def test_what_is_no_file_of_the_workspace_is_refused(workspace: Workspace, path: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        workspace.select([path])


def test_links_are_passed_over_and_refused_when_named(workspace: Workspace, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.py").write_text("x = 1\n")
    (workspace.root / "folder").symlink_to(outside)
    (workspace.root / "file.py").symlink_to(outside / "x.py")
    (workspace.root / "inner.py").symlink_to("a.py")
    assert workspace.select() == ("a.py", "b.pyi", "src/e.py", "src/pkg/c.py", "src/pkg/deep/d.py")
    for path in ("folder", "folder/x.py", "file.py", "inner.py"):
        with pytest.raises(InputError, match="is a symbolic link"):
            workspace.select([path])


def test_a_path_that_became_a_link_is_neither_read_nor_written(workspace: Workspace, tmp_path: Path) -> None:
    outside = tmp_path / "x.py"
    outside.write_text("x = 1\n")
    (workspace.root / "a.py").unlink()
    (workspace.root / "a.py").symlink_to(outside)
    with pytest.raises(InputError, match="is a symbolic link"):
        workspace.read("a.py")
    with pytest.raises(InputError, match="is a symbolic link"):
        workspace.write(SourceFile(path="a.py", data=b"x = 1\n"), b"y")
    assert outside.read_text() == "x = 1\n"


def test_version_control_byte_code_and_virtual_environments_are_passed_over(workspace: Workspace) -> None:
    for name in (".git/hooks/x.py", "__pycache__/x.py", "env/lib/x.py", "node_modules/x.py", ".hg/x.py"):
        (workspace.root / name).parent.mkdir(parents=True)
        (workspace.root / name).write_text("x = 1\n")
    (workspace.root / "env" / "pyvenv.cfg").write_text("")
    assert not [path for path in workspace.select() if path.endswith("x.py")]
    assert workspace.select(["env/lib"]) == ("env/lib/x.py",)


def test_an_unreadable_folder_is_listed_itself_and_reading_it_is_an_error(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace.root)
    name = "n" * 200
    for _ in range(os.pathconf(".", "PC_PATH_MAX") // len(name) + 1):  # not even root lists what is so deep
        os.mkdir(name)  # noqa: PTH102 - pathlib has no relative way down
        os.chdir(name)
    (unlisted,) = (path for path in workspace.select() if path.startswith(name))
    with pytest.raises(InputError, match="can't be read: File name too long"):
        workspace.read(unlisted)


def test_write_replaces_and_keeps_the_mode(workspace: Workspace) -> None:
    file = workspace.root / "a.py"
    file.chmod(0o750)
    workspace.write(SourceFile(path="a.py", data=b"# a.py\n"), b"x = 2\n")
    assert file.read_bytes() == b"x = 2\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o750
    assert sorted(path.name for path in workspace.root.iterdir()) == ["a.py", "b.pyi", "notes.txt", "src"]


def test_write_does_not_touch_another_name_of_the_same_file(workspace: Workspace, tmp_path: Path) -> None:
    os.link(workspace.root / "a.py", tmp_path / "hard.py")
    workspace.write(SourceFile(path="a.py", data=b"# a.py\n"), b"x = 2\n")
    assert (tmp_path / "hard.py").read_bytes() == b"# a.py\n"


def test_a_file_that_cannot_be_written_is_an_error_and_unchanged(workspace: Workspace) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, hard))  # as on a full disk
    try:
        with pytest.raises(InputError, match="can't be written"):
            workspace.write(SourceFile(path="src/e.py", data=b"# src/e.py\n"), b"x" * (2 << 20))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (workspace.root / "src" / "e.py").read_bytes() == b"# src/e.py\n"
    assert sorted(path.name for path in (workspace.root / "src").iterdir()) == ["e.py", "pkg"]


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("*.py", "a.py", True),
        ("*.py", "b/a.py", False),
        ("**/*.py", "a.py", True),
        ("**", "x/y", True),
        ("a.py", "aXpy", False),
        ("[!a].py", "b.py", True),
        ("[!a].py", "a.py", False),
        ("[]].py", "].py", True),
        ("[a-c].py", "b.py", True),
        ("[", "[", True),
        ("[!]", "[!]", True),
        ("[!]*", "a", False),
        ("[][..].py", "[.py", True),
        ("[+--].py", ",.py", True),
        ("[!!]\\^.py", "a\\^.py", True),
        ("a?c", "a/c", False),
        ("a*", "a\nb", True),
    ],
)
def test_globs_stay_in_a_folder_unless_doubled(glob: str, path: str, matches: bool) -> None:
    assert (glob_pattern(glob).match(path) is not None) is matches

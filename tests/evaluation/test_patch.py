from __future__ import annotations

import subprocess
from pathlib import Path

from pytest_orchestrator.evaluation.outcome import FileEdit
from pytest_orchestrator.evaluation.patch import count_lines


def git(folder: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True).stdout


def test_lines_are_counted_as_git_counts_them(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    before = {
        "a.py": b"".join(b"line %d\n" % number for number in range(50)),
        "b.py": b"--- a/x\n+++ b/x\n@@ -1 +1 @@\ndiff --git a/x b/x\n",
        "c.bin": bytes(range(256)),
        "d.py": b"no newline",
        "e.sh": b"true\n",
    }
    after = {
        "a.py": before["a.py"].replace(b"line 3\n", b"").replace(b"line 40\n", b"++ 40\n-- 41\n"),
        "b.py": b"+++ b/x\n--- a/x\n@@ -9,9 +9,9 @@\n",
        "c.bin": bytes(range(255, -1, -1)),
        "d.py": b"still no newline",
        "e.sh": b"true\n",
        "f.py": b"new\n",
    }
    for name, data in before.items():
        (tmp_path / name).write_bytes(data)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "before")
    for name, data in after.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "e.sh").chmod(0o755)
    git(tmp_path, "add", ".")
    patch = git(tmp_path, "diff", "--cached", "--binary", "--no-renames")
    counted = git(tmp_path, "diff", "--cached", "--numstat", "--no-renames").decode().splitlines()
    expected = [
        FileEdit(path=path, added=int(added.replace("-", "0")), removed=int(removed.replace("-", "0")))
        for added, removed, path in (line.split("\t") for line in counted)
    ]
    assert len(expected) == 6
    assert list(count_lines(patch, [edit.path for edit in expected])) == expected


def test_a_file_that_becomes_a_link_is_counted_once(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "a.py").write_bytes(b"x\ny\n")
    git(tmp_path, "add", ".")
    (tmp_path / "a.py").unlink()
    (tmp_path / "a.py").symlink_to("elsewhere")
    patch = git(tmp_path, "diff")
    assert count_lines(patch, ["a.py"]) == (FileEdit(path="a.py", added=1, removed=2),)


def test_an_empty_patch_has_no_files() -> None:
    assert count_lines(b"", []) == ()

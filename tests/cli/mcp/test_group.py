from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def mcp(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "pytest_orchestrator", "mcp", *arguments]
    return subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def test_help_shows_an_example(tmp_path: Path) -> None:
    done = mcp("serve", "--help", cwd=tmp_path)

    assert done.returncode == 0
    assert "Example: claude mcp add" in " ".join(done.stdout.split())


def test_server_without_input_ends_cleanly(tmp_path: Path) -> None:
    done = mcp("serve", cwd=tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_missing_workspace_is_bad_input(tmp_path: Path) -> None:
    done = mcp("serve", "--workspace", "absent", cwd=tmp_path)

    assert done.returncode == 2
    assert "error: the workspace absent is not a folder" in done.stderr
    assert done.stdout == ""


def test_missing_library_is_bad_input(tmp_path: Path) -> None:
    done = mcp("serve", "--library", "absent", cwd=tmp_path)

    assert done.returncode == 2
    assert "the pattern folder absent does not exist" in done.stderr


def test_malformed_pattern_of_the_workspace_is_bad_input_with_its_line(tmp_path: Path) -> None:
    own = tmp_path / "patterns" / "mine"
    own.mkdir(parents=True)
    own.joinpath("pattern.yaml").write_text("schema: pytest-orchestrator/pattern/1\nkidn: codemod\n")

    done = mcp("serve", cwd=tmp_path)

    assert done.returncode == 2
    assert "mine/pattern.yaml:2: unknown key 'kidn'" in done.stderr
    assert "Traceback" not in done.stderr

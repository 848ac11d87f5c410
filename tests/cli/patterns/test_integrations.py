"""The pre-commit hooks and the composite action for patterns."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.patterns.command import git

ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
ACTION = ROOT / ".github/actions/patterns/action.yml"


def run(*command: str, cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", **env}
    return subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=False)


def test_hooks_lint_and_change_what_is_committed(project: Path, tmp_path: Path) -> None:
    hooks: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    local = [{**hook, "language": "system"} for hook in hooks if hook["id"].startswith("patterns-")]
    assert [hook["id"] for hook in local] == ["patterns-lint", "patterns-apply"]
    for hook in local:
        hook.pop("minimum_pre_commit_version")
    (project / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [{"repo": "local", "hooks": local}]}))
    table = '[tool.pytest_orchestrator.patterns]\nselect = ["old-name", "rename"]\n'
    (project / "pyproject.toml").write_text(table)
    git(project, "commit", "-q", "-a", "-m", "settings")
    env = {"PRE_COMMIT_HOME": str(tmp_path / "pre-commit")}
    assert run("pre-commit", "install", cwd=project, env=env).returncode == 0
    (project / "new.py").write_text("y = old\n")
    git(project, "add", "new.py")
    refused = run("git", "commit", "-m", "x", cwd=project, env=env)
    assert refused.returncode != 0
    assert "new.py:1:5: old-name" in refused.stderr + refused.stdout
    assert "new.py: changed by rename" in refused.stderr + refused.stdout
    assert (project / "new.py").read_text() == "y = new\n"
    assert (project / "a.py").read_text().startswith("x = old")
    git(project, "add", "new.py")
    accepted = run("git", "commit", "-m", "x", cwd=project, env=env)
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"select": "old-name", "paths": "a.py"}, 1),
        ({"select": "old-name", "paths": "b.py"}, 0),
        ({"select": "rename,no-object-base", "command": "apply", "paths": "a.py b.py"}, 1),
        ({"command": "delete"}, 2),
    ],
)
def test_the_action_follows_its_inputs(project: Path, tmp_path: Path, inputs: dict[str, str], code: int) -> None:
    action = yaml.safe_load(ACTION.read_text())
    step = action["runs"]["steps"][-1]
    given = {name: inputs.get(name, declared["default"]) for name, declared in action["inputs"].items()}
    env = {name: given[value.split(".")[1].removesuffix(" }}")] for name, value in step["env"].items()}
    (tmp_path / "temp").mkdir()
    (tmp_path / "temp" / "patterns").symlink_to(BIN.parent)
    env |= {"RUNNER_TEMP": str(tmp_path / "temp"), "GITHUB_ACTIONS": "true"}
    result = run("bash", "-euo", "pipefail", "-c", step["run"], cwd=project, env=env)
    assert result.returncode == code, result.stdout + result.stderr
    assert ("::warning file=a.py" in result.stdout) is (code == 1)
    assert (project / "a.py").read_text().startswith("x = old")


@pytest.mark.parametrize(
    "command",
    [
        ("check-jsonschema", "--builtin-schema", "vendor.github-actions"),
        ("zizmor", "--offline", "--quiet", "--no-progress"),
    ],
)
def test_the_action_is_valid(command: tuple[str, ...]) -> None:
    result = run(*command, str(ACTION), cwd=ROOT, env={})
    assert result.returncode == 0, result.stdout + result.stderr

"""What other repositories use: the guide's commands, the pre-commit hook, the composite action."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.spec_guard.project import Project

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
GUIDE = (ROOT / "docs/spec-guard.md").read_text(encoding="utf-8")
ACTION = ROOT / ".github/actions/spec-guard/action.yml"
WORKFLOW = ROOT / ".github/workflows/spec-guard.yml"


def _call(*command: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", **(env or {})}
    return subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=False)


def _stale(project: Project) -> None:
    """A committed project in which one spec is stale and another is left behind by its code."""
    project.spec("stale")
    project.spec("behind", ["src/"])
    project.write("src/a.py", "1")
    project.commit()
    project.write("src/a.py", "2")


def test_commands_of_the_guide_work_as_they_are_written(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("tests/test_it.py", "def test_it():\n    pass\n")
    project.write(".gitignore", "__pycache__/\n.pytest_cache/\n")
    blocks = re.findall(r"^```bash\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 5
    for block in blocks:
        result = _call("bash", "-euo", "pipefail", "-c", block, cwd=tmp_path)
        assert result.returncode == 0, f"{block}\n{result.stdout}\n{result.stderr}"
        assert "SG016" not in result.stdout, "the example weakens no requirement"


def test_settings_of_the_guide_are_understood(tmp_path: Path) -> None:
    settings = "\n".join(re.findall(r"^```toml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL))
    project = Project(tmp_path)
    project.write("pyproject.toml", settings)
    project.write("docs/specs/a.md", "x")
    result = _call("pytest-orchestrator", "spec", "check", cwd=tmp_path)
    assert result.returncode == 1
    assert "docs/specs/a.md:1: SG001" in result.stdout


def test_rule_of_the_guide_is_applied(tmp_path: Path) -> None:
    (rule,) = re.findall(r"^```python\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    project = Project(tmp_path)
    project.write("conftest.py", rule)
    project.spec("a")
    result = _call("pytest", "--spec-guard-only", "--spec-guard-today=2020-11-20", cwd=tmp_path)
    assert "specs/a.md:2: TEAM1 names no team" in result.stdout


@pytest.mark.parametrize(("options", "passes"), [((), False), (("--noconftest",), True)])
def test_conftest_is_loaded_unless_it_is_left_out(tmp_path: Path, options: tuple[str, ...], passes: bool) -> None:
    project = Project(tmp_path)
    project.write("conftest.py", "raise RuntimeError('it does anything')\n")
    project.spec("a")
    project.commit()
    result = _call("pytest", "--spec-guard-only", "--spec-guard-today=2020-11-20", *options, cwd=tmp_path)
    assert (result.returncode == 0) == passes, result.stdout + result.stderr


def _hook() -> dict[str, Any]:
    hook, *_ = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    return dict(hook)


def test_hook_stops_a_commit_that_leaves_its_spec_behind(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    project = Project(root)
    local = {**_hook(), "language": "system"}
    local.pop("minimum_pre_commit_version")
    project.write(".pre-commit-config.yaml", yaml.safe_dump({"repos": [{"repo": "local", "hooks": [local]}]}))
    _stale(project)
    env = {"PRE_COMMIT_HOME": str(tmp_path / "pre-commit")}
    assert _call("pre-commit", "install", cwd=project.root, env=env).returncode == 0
    project.git("add", "src/a.py")
    refused = _call("git", "commit", "-m", "x", cwd=project.root, env=env)
    assert refused.returncode != 0
    assert "specs/behind.md:7: SG007 src/a.py changed" in refused.stdout + refused.stderr
    project.git("checkout", "-q", "HEAD", "--", "src/a.py")
    project.write("elsewhere.txt", "x")
    project.git("add", "elsewhere.txt")
    accepted = _call("git", "commit", "-m", "x", cwd=project.root, env=env)
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr


def test_hook_is_declared_as_pre_commit_wants_it(tmp_path: Path) -> None:
    result = _call("pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml", cwd=tmp_path)
    assert result.returncode == 0, result.stdout
    assert _hook()["entry"].startswith("pytest-orchestrator spec check")


@pytest.mark.skipif(
    "PYTEST_ORCHESTRATOR_NETWORK" not in os.environ,
    reason="pre-commit installs the package from an index: set PYTEST_ORCHESTRATOR_NETWORK=1 where one is reachable",
)
def test_hook_works_when_pre_commit_installs_it(tmp_path: Path) -> None:
    project = Project(tmp_path)
    _stale(project)
    project.git("add", ".")
    env = {"PRE_COMMIT_HOME": str(tmp_path.parent / f"{tmp_path.name}-home")}
    result = _call("pre-commit", "try-repo", ROOT, "spec-guard", cwd=tmp_path, env=env)
    assert result.returncode == 1
    assert "specs/behind.md:7: SG007 src/a.py changed" in result.stdout


@pytest.mark.parametrize(("schema", "path"), [("vendor.github-workflows", WORKFLOW), ("vendor.github-actions", ACTION)])
def test_workflow_and_action_match_their_schemas(schema: str, path: Path) -> None:
    result = _call("check-jsonschema", "--builtin-schema", schema, path, cwd=ROOT)
    assert result.returncode == 0, result.stdout


def test_workflow_and_action_satisfy_zizmor() -> None:
    result = _call("zizmor", "--offline", "--quiet", "--no-progress", WORKFLOW, ACTION, cwd=ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_actions_are_pinned_by_commit() -> None:
    uses = re.findall(r"uses: (\S+)", WORKFLOW.read_text() + ACTION.read_text())
    assert uses
    assert [item for item in uses if not re.search(r"@[0-9a-f]{40}$", item) and not item.startswith("$/")] == []


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({}, 1),
        ({"scope": "diff", "base": "HEAD", "max-age": "1000"}, 1),
        ({"dry-run": "true"}, 0),
        ({"paths": "specs/stale.md elsewhere.py", "max-age": "100000"}, 0),
        ({"base": "nowhere"}, 2),
        ({"base": "HEAD", "paths": "specs/stale.md", "branch": "main"}, 0),  # in a pull request the default is diff
        ({"base": "HEAD", "paths": "specs/stale.md", "branch": "main", "scope": "all"}, 1),
    ],
)
def test_action_follows_its_inputs(tmp_path: Path, inputs: dict[str, str], code: int) -> None:
    project = Project(tmp_path)
    _stale(project)
    project.write("elsewhere.py", "1")
    action = yaml.safe_load(ACTION.read_text())
    step = action["runs"]["steps"][-1]
    given = {name: inputs.get(name, str(declared["default"])) for name, declared in action["inputs"].items()}
    env = {
        key: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: given[found[1]], value)
        for key, value in step["env"].items()
    }
    # The step's own text, with the program that the first step would have installed.
    (tmp_path / ".git/runner/spec-guard").mkdir(parents=True)
    (tmp_path / ".git/runner/spec-guard/bin").symlink_to(BIN)
    env |= {"RUNNER_TEMP": str(tmp_path / ".git/runner"), "GITHUB_BASE_REF": inputs.get("branch", "")}
    result = _call("bash", "-eo", "pipefail", "-c", step["run"], cwd=tmp_path, env=env)
    assert result.returncode == code, result.stdout + result.stderr

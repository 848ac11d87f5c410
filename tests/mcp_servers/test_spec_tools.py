from __future__ import annotations

import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pytest_orchestrator.codec.decode import decode_json
from pytest_orchestrator.spec_guard.reports.report import SpecReport

Caller = Any


def spec(path: Path, *, days_ago: int) -> None:
    reviewed = date.today() - timedelta(days=days_ago)  # noqa: DTZ011 - as the guard judges
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"---\nid: {path.stem}\ntitle: A spec\nstatus: draft\nowners: [me]\nlast_review: {reviewed}\n---\n# Text\n"
    )


@pytest.fixture
def project(workspace: Path) -> Path:
    spec(workspace / "specs" / "fresh.md", days_ago=1)
    spec(workspace / "specs" / "stale.md", days_ago=80)
    for command in ("init -q -b main", "add .", "commit -q -m start"):
        subprocess.run(["git", *command.split()], cwd=workspace, check=True)
    return workspace


def check(caller: Caller, **arguments: Any) -> SpecReport:
    return decode_json(SpecReport, caller.ok("spec.check", **arguments), path="report")


@pytest.mark.usefixtures("project")
def test_check_finds_the_stale_spec(caller: Caller) -> None:
    found = check(caller, base="main")

    assert found.specs == ("specs/fresh.md", "specs/stale.md")
    assert [(item.path, item.rule) for item in found.errors] == [("specs/stale.md", "SG005")]


@pytest.mark.usefixtures("project")
def test_check_keeps_to_the_paths(caller: Caller) -> None:
    assert check(caller, base="main", paths=["specs/fresh.md"]).diagnostics == ()


def test_check_takes_absolute_paths_and_limits_its_answer(caller: Caller, project: Path) -> None:
    for number in range(60):
        spec(project / "specs" / f"stale-{number}.md", days_ago=80)

    assert check(caller, base="main", paths=[str(project / "specs" / "fresh.md")]).diagnostics == ()
    pages = [caller.ok("spec.check", base="main")]
    while cursor := pages[-1].get("next_cursor"):
        pages.append(caller.ok("report.more", cursor=cursor))

    assert len(pages) > 1
    assert sum(item["rule"] == "SG005" for page in pages for item in page["diagnostics"]) == 61
    assert sum(len(page["specs"]) for page in pages) == 62


def test_check_obeys_the_projects_settings(caller: Caller, project: Path) -> None:
    project.joinpath("pyproject.toml").write_text("[tool.pytest_orchestrator.spec_guard]\nmax_age_days = 100\n")
    for command in ("add .", "commit -q -m settings"):
        subprocess.run(["git", *command.split()], cwd=project, check=True)

    assert check(caller, base="main").errors == ()


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"base": "no-such-revision"}, "no-such-revision"),
        ({"paths": ["../elsewhere"]}, "is outside of the workspace"),
        ({"paths": ["/etc"]}, "is outside of the workspace"),
        ({"paths": ["absent.md"]}, "does not exist"),
        ({"workspace": ".."}, "is outside of the workspace"),
        ({"today": "2020-01-01"}, "unknown argument 'today'"),
    ],
)
def test_refusal_names_the_problem(caller: Caller, arguments: dict[str, Any], message: str) -> None:
    assert message in caller.refusal("spec.check", **arguments)


def test_malformed_settings_are_refused_with_their_line(caller: Caller, project: Path) -> None:
    project.joinpath("pyproject.toml").write_text("[tool.pytest_orchestrator.spec_guard]\nmax_days = 100\n")

    assert "pyproject.toml:2: unknown key 'max_days'" in caller.refusal("spec.check")

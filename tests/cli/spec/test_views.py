"""`spec list`, `spec rule`, the view of an owner, and the reports as calendar, HTML, for GitHub and for a terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pytest_orchestrator.commands.spec.render import write_step_summary
from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.spec_guard.reports.report import SpecReport
from pytest_orchestrator.spec_guard.rules.shipped import SHIPPED_RULES
from tests.cli.command_line import run
from tests.spec_guard.project import TODAY, Project

DAY = "--today=2020-11-20"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Specs in every state, two owners, committed."""
    made = Project(tmp_path)
    made.spec("fresh", reviewed=TODAY)
    made.spec("soon", reviewed=TODAY - timedelta(days=25))
    made.spec("late", reviewed=TODAY - timedelta(days=40))
    made.spec("gone", status="retired")
    made.write("specs/bad.md", "no front matter\n")
    text = (made.root / "specs/soon.md").read_text()
    made.write("specs/soon.md", text.replace("[ann]", "[Ann, bob]"))
    made.commit()
    return made


def spec(project: Project, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return run(project.root, "spec", *arguments, **options)


# spec rule


@pytest.mark.parametrize("rule", [rule.id for rule in SHIPPED_RULES])
def test_rule_prints_the_page_of_every_rule(project: Project, rule: str) -> None:
    text = spec(project, "rule", rule.lower(), code=0).stdout
    assert text.startswith(f"# {rule}: ")
    assert "**Fix.**" in text


def test_rule_alone_lists_all_and_an_unknown_one_is_explained(project: Project) -> None:
    listed = spec(project, "rule", code=0).stdout
    assert re.findall(r"^SG\d+", listed, re.MULTILINE) == [rule.id for rule in SHIPPED_RULES]
    assert "did you mean 'SG007'?" in spec(project, "rule", "SGG007", code=2).stderr
    facts = json.loads(spec(project, "rule", "SG007", "--format=json").stdout)
    assert (facts["id"], facts["severity"], facts["page"][:7]) == ("SG007", "error", "# SG007")


# spec list and the view of an owner


def test_list_tells_age_owner_state_and_next_date(project: Project) -> None:
    lines = spec(project, "list", DAY, code=0).stdout.splitlines()[2:]
    assert [line.split("  ", 1)[0] for line in lines] == [
        f"specs/{name}.md" for name in ("bad", "fresh", "gone", "late", "soon")
    ]
    found = {item["path"][6:-3]: item for item in json.loads(spec(project, "list", DAY, "--format=json").stdout)}
    assert {name: (item["state"], item.get("age_days"), item.get("due")) for name, item in found.items()} == {
        "bad": ("unreadable", None, None),
        "fresh": ("fresh", 0, "2020-12-20"),
        "gone": ("retired", 10, None),
        "late": ("overdue", 40, "2020-11-10"),
        "soon": ("due soon", 25, "2020-11-25"),
    }
    assert found["soon"]["owners"] == ["Ann", "bob"]


def test_list_works_without_git(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/a.md").write_text("x\n")
    (tmp_path / "pyproject.toml").write_text("")
    assert "specs/a.md" in run(tmp_path, "spec", "list", code=0).stdout


def test_view_of_an_owner_holds_only_their_specs(project: Project) -> None:
    listed = json.loads(spec(project, "list", DAY, "--owner=BOB", "--format=json").stdout)
    assert [item["path"] for item in listed] == ["specs/soon.md"]
    report = json.loads(spec(project, "check", DAY, "--owner=bob", "--format=json", code=0).stdout)
    assert (report["specs"], {item["path"] for item in report["diagnostics"]}) == (["specs/soon.md"], {"specs/soon.md"})
    report = json.loads(spec(project, "check", DAY, "--owner=ann", "--format=json", code=1).stdout)
    assert report["specs"] == ["specs/fresh.md", "specs/gone.md", "specs/late.md", "specs/soon.md"]
    narrowed = spec(project, "check", DAY, "--owner=ann", "--format=json", "specs/soon.md", code=0)
    assert json.loads(narrowed.stdout)["specs"] == ["specs/soon.md"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("list", "--owner=an"), "no spec has the owner 'an': did you mean 'ann'?"),
        (("check", "--owner=carla"), "no spec has the owner 'carla'"),
        (("check", "--owner=bob", "specs/late.md"), "bob owns no spec in specs/late.md"),
    ],
)
def test_owner_without_specs_is_refused(project: Project, arguments: tuple[str, ...], message: str) -> None:
    assert message in spec(project, *arguments, code=2).stderr


# The calendar


def test_calendar_is_what_rfc_5545_demands(project: Project) -> None:
    project.spec("long", identity="l" * 80, reviewed=TODAY - timedelta(days=20))
    text = (project.root / "specs/long.md").read_text()
    project.write("specs/long.md", text.replace("[ann]", r'["Ünal, Ö; \\", "é' + "é" * 60 + '"]'))
    made = _calendar(project, DAY)
    assert _calendar(project, DAY) == made
    assert made.endswith("END:VCALENDAR\r\n")
    assert "\n" not in made.replace("\r\n", "")
    assert max(len(line.encode()) for line in made.split("\r\n")) <= 75
    events = made.replace("\r\n ", "").split("BEGIN:VEVENT\r\n")[1:]
    values = [dict(line.split(":", 1) for line in event.split("\r\n") if line) for event in events]
    assert [event["DTSTART;VALUE=DATE"] for event in values] == ["20201120", "20201125", "20201130", "20201220"]
    late, _, long, _ = values
    assert late["SUMMARY"] == "Review the spec late (overdue since 2020-11-10)"
    assert r"owners: Ünal\, Ö\; \\\, é" in long["DESCRIPTION"]
    assert r"--by 'Ünal\, Ö\; \\'" in long["DESCRIPTION"], "the command can be pasted"
    assert {event["DTSTAMP"] for event in values} == {"20201120T000000Z"}
    assert len({event["UID"] for event in values}) == 4
    later = _calendar(project, "--today=2020-11-21").replace("\r\n ", "")
    assert set(re.findall("UID:.*", later)) == {f"UID:{event['UID']}\r" for event in values}


def _calendar(project: Project, *arguments: str) -> str:
    command = [sys.executable, "-m", "pytest_orchestrator", "spec", "forecast", "--format=ics", *arguments]
    return subprocess.run(command, cwd=project.root, check=True, capture_output=True).stdout.decode()


# HTML


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_page_is_one_file_and_what_specs_say_is_text(project: Project) -> None:
    project.spec("<img src=x onerror=y>", identity="b", status="<script>a</script>")
    page = _Page()
    page.feed(spec(project, "check", DAY, "--format=html", code=1).stdout)
    assert not page.tags & {"script", "img", "link", "iframe"}
    assert not page.attributes & {"src", "href", "onerror"}
    assert "<script>a</script>" in page.text
    assert "last reviewed 2020-10-11, 40 days ago, limit 30 days" in page.text
    assert "5 specs checked" not in page.text
    assert "6 specs checked" in page.text


# GitHub


@pytest.mark.parametrize("form", ["text", "json"])
def test_step_summary_is_appended_where_github_asks_for_one(project: Project, tmp_path: Path, form: str) -> None:
    summary = tmp_path / ".git/summary.md"
    summary.write_text("before\n")
    env = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    result = spec(project, "check", DAY, f"--format={form}", env=env, code=1)
    assert summary.read_text().startswith("before\n# Spec guard\n")
    assert "| `specs/late.md:6` | SG005 | error |" in summary.read_text()
    assert ("::error file=specs/late.md" in result.stdout) == (form == "text")


def test_summary_that_can_not_be_written_is_said_and_changes_no_verdict(project: Project, tmp_path: Path) -> None:
    env = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(tmp_path)}
    assert "the step summary can't be written" in spec(project, "check", DAY, env=env, code=1).stderr


def test_summary_beyond_githubs_limit_holds_the_counts(project: Project, tmp_path: Path) -> None:
    found = Diagnostic(rule="SG005", severity="error", message="m" * 999, path="a.md", range=Range.of_line(1))
    many = tuple(replace(found, path=f"{number}.md") for number in range(1_100))
    report = SpecReport(today=TODAY, specs=("a.md",), diagnostics=many)
    summary = tmp_path / ".git/summary.md"
    assert write_step_summary(report, {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}) == ""
    assert summary.read_text() == "# Spec guard\n\n- 1 spec checked: 1100 violations, 0 warnings\n"


# A terminal


@pytest.mark.parametrize(
    ("env", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_terminal_shows_the_line_in_question_in_colour(project: Project, env: dict[str, str], coloured: bool) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pytest_orchestrator", "spec", "check", DAY]
    environ = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    environ |= {"TERM": "xterm", **env}
    with subprocess.Popen(command, cwd=project.root, env=environ, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        text = b""
        while piece := _read(ours):
            text += piece
    os.close(ours)
    assert process.returncode == 1
    assert (b"\x1b[31mSG005\x1b[0m" in text) == coloured
    assert (b"\x1b[" in text) == coloured
    assert b"  6 | last_review: 2020-10-11" in text


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 1 << 16)
    except OSError:  # Linux says so at the end of a terminal
        return b""


@pytest.mark.parametrize(
    ("env", "coloured"), [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)]
)
def test_pipe_has_colours_only_where_they_are_forced(project: Project, env: dict[str, str], coloured: bool) -> None:
    result = spec(project, "check", DAY, env={"NO_COLOR": "", "FORCE_COLOR": "", **env}, code=1)
    assert ("\x1b[" in result.stdout) == coloured
    assert ("  6 | last_review" in result.stdout) == bool(env)

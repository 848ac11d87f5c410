"""`spec review`, `forecast`, `new`, `index` and `stamp`, as a person calls them."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import run
from tests.sarif import sarif_log
from tests.spec_guard.project import TODAY, Project

LEDGER = "tasks/reviews.jsonl"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with one spec over one module, committed."""
    root = tmp_path / "project"
    root.mkdir()
    made = Project(root)
    made.write("src/cache.py", "LIMIT = 10\n")
    made.spec("cache", ["src/cache.py"], reviewed=TODAY - timedelta(days=10))
    made.commit(day=TODAY - timedelta(days=10))
    return made


def spec(project: Project, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return run(project.root, "spec", *arguments, **options)


def review(project: Project, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return spec(project, "review", "--today=2020-11-20", *arguments, **options)


def records(project: Project) -> list[dict[str, object]]:
    where = project.root / LEDGER
    return [json.loads(line) for line in where.read_text().splitlines()] if where.exists() else []


def test_review_sets_the_date_and_nothing_else_and_records_what_was_read(project: Project) -> None:
    before = (project.root / "specs/cache.md").read_text()
    review(project, "specs/cache.md", "--by", "ANN", "--note", "read it", code=0)
    assert (project.root / "specs/cache.md").read_text() == before.replace("2020-11-10", "2020-11-20")
    (made,) = records(project)
    assert (made["spec"], made["by"], made["on"], made["note"]) == ("cache", "ann", "2020-11-20", "read it")
    assert made["commit"] == project.git("rev-parse", "HEAD")
    assert list(made["covers"]) == ["src/cache.py"]  # type: ignore[call-overload]  # a mapping
    assert project.with_all_rules().found() == []


def test_review_puts_a_failing_spec_right(project: Project) -> None:
    project.with_all_rules()
    project.write("src/cache.py", "LIMIT = 11\n")
    project.spec("cache", ["src/cache.py"], reviewed=TODAY - timedelta(days=10), body="New words.")
    assert project.found() == ["SG010 specs/cache.md", "SG011? specs/cache.md"]
    review(project, "--all-changed", "--by=ann", "--yes", code=0)
    assert project.found() == []
    project.commit()
    assert project.found() == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("specs/cache.md",), "--by OWNER"),
        (("--by=ann",), "no spec is named"),
        (("specs/cache.md", "--by=an"), "'an' is not an owner of specs/cache.md: did you mean 'ann'?"),
        (("specs/none.md", "--by=ann"), "specs/none.md is not a spec"),
        (("../x", "--by=ann"), "is not in the project"),
        (("--level=0",), "at least 1 a day"),
    ],
)
def test_review_that_can_not_be_is_refused(project: Project, arguments: tuple[str, ...], message: str) -> None:
    result = review(project, *arguments, code=2)
    assert message in result.stderr
    assert records(project) == []


def test_review_of_a_day_to_come_is_refused(project: Project) -> None:
    tomorrow = datetime.now().astimezone().date() + timedelta(days=1)
    result = spec(project, "review", f"--today={tomorrow}", "specs/cache.md", "--by=ann", code=2)
    assert f"--today={tomorrow} is in the future" in result.stderr
    assert records(project) == []


def test_review_shows_what_changed_and_asks(project: Project) -> None:
    project.write("src/cache.py", "LIMIT = 99\n")
    result = review(project, "--stale", "--by=ann", "--diff", input="n\n")
    assert "+LIMIT = 99" in result.stdout
    assert "nothing was reviewed" in result.stdout
    assert records(project) == []
    review(project, "--stale", "--by=ann", "--diff", input="y\n", code=0)
    assert len(records(project)) == 1
    assert review(project, "--stale", "--by=ann", "--yes").stdout == "nothing to review\n"


def test_review_of_a_missing_spec_is_refused(project: Project) -> None:
    (project.root / "src/cache.py").unlink()
    text = (project.root / "specs/cache.md").read_text()
    project.write("specs/cache.md", text.replace("status: approved", "status: implemented"))
    result = review(project, "specs/", "--by=ann")
    assert (result.returncode, "matches nothing" in result.stderr) == (2, True)


def test_ledger_without_a_final_newline_is_continued(project: Project) -> None:
    review(project, "specs/cache.md", "--by=ann")
    where = project.root / LEDGER
    where.write_text(where.read_text().rstrip("\n"))
    review(project, "specs/*.md", "--by=ann")
    assert len(records(project)) == 2


def test_review_is_not_appended_to_a_malformed_ledger(project: Project) -> None:
    project.write(LEDGER, "<<<<<<< HEAD\n")
    result = review(project, "specs/cache.md", "--by=ann")
    assert (result.returncode, f"{LEDGER}:1: has a merge conflict" in result.stderr) == (2, True)
    assert (project.root / LEDGER).read_text() == "<<<<<<< HEAD\n"


def test_crlf_and_comments_survive_a_review(project: Project) -> None:
    text = (project.root / "specs/cache.md").read_text().replace("2020-11-10", '"2020-11-10"  # by hand')
    project.write("specs/cache.md", text.replace("\n", "\r\n"))
    review(project, "specs/cache.md", "--by=ann", code=0)
    after = (project.root / "specs/cache.md").read_bytes().decode()
    assert after == text.replace('"2020-11-10"', '"2020-11-20"').replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("date: 2020-11-01T10:30:00Z  # UTC", "date: 2020-11-20T10:30:00Z  # UTC"),
        ("date: '2020-11-01 10:30:00 +0100'", "date: '2020-11-20 10:30:00 +0100'"),
        ('"date": "2020/11/01"', '"date": "2020/11/20"'),
        ("date:   2020.11.01", "date:   2020.11.20"),
    ],
)
def test_review_keeps_the_form_of_a_date_of_another_tool(project: Project, before: str, after: str) -> None:
    settings = (
        '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs"]\n[tool.pytest_orchestrator.spec_guard.front_matter]\n'
    )
    project.write("pyproject.toml", f'{settings}keys = {{ date = "last_review" }}\n')
    text = "---\nid: a\ntitle: A\nstatus: approved\nowners: [ann]\n{}\n---\n# A\n"
    project.write("specs/a.md", text.format(before))
    project.commit()
    review(project, "specs/a.md", "--by=ann", code=0)
    assert (project.root / "specs/a.md").read_text() == text.format(after)


def test_reviewer_is_named_without_the_address(project: Project) -> None:
    text = (project.root / "specs/cache.md").read_text()
    project.write("specs/cache.md", text.replace("[ann]", '["Ann Lee <ann@example.org>"]'))
    project.commit()
    review(project, "specs/cache.md", "--by=ann lee", code=0)
    assert [item["by"] for item in records(project)] == ["Ann Lee <ann@example.org>"]


def test_review_in_the_name_of_somebody_else_is_doubted(project: Project) -> None:
    approvers = 'schema: "pytest-orchestrator/approvers/1"\napprovers:\n  ann:\n    emails: [{}]\n'
    address = project.git("log", "-1", "--format=%ae")
    for emails, doubted in ((f"{address.upper()}, b@example.org", False), ("b@example.org", True), ("", False)):
        project.write("tasks/approvers.yaml", approvers.format(emails))
        project.commit()
        found = review(project, "specs/cache.md", "--by=Ann", code=0).stderr
        assert (f"warning: git's user {address} is not Ann, according to tasks/approvers.yaml" in found) == doubted
    assert len(records(project)) == 3


def test_plan_spreads_reviews(project: Project) -> None:
    for number in range(5):
        project.spec(f"s{number}", reviewed=TODAY - timedelta(days=60))
    result = review(project, "--level=2", "--format=json")
    days = [item["day"] for item in json.loads(result.stdout)]
    assert days == ["2020-11-20", "2020-11-20", "2020-11-23", "2020-11-23", "2020-11-24", "2020-12-10"]
    assert "review on" in review(project, "--level=2").stdout


def test_plan_names_what_comes_after_the_due_day(project: Project) -> None:
    for number, age in enumerate((60, 30, 29)):
        project.spec(f"s{number}", reviewed=TODAY - timedelta(days=age))
    plan = review(project, "--level=1").stdout.splitlines()
    # 2020-11-20 is a Friday: what is due today comes after what is overdue, on Monday.
    assert [line.split() for line in plan[2:5]] == [
        ["2020-11-20", "specs/s0.md", "2020-10-21", "30", "days"],
        ["2020-11-23", "specs/s1.md", "2020-11-20", "3", "days"],
        ["2020-11-24", "specs/s2.md", "2020-11-21", "3", "days"],
    ]
    assert plan[-1] == "3 of 4 are planned after the day on which they are due"
    late = [item["days_late"] for item in json.loads(review(project, "--level=1", "--format=json").stdout)]
    assert late == [30, 3, 3, 0]


def test_review_of_many_specs_needs_a_further_word(project: Project) -> None:
    for number in range(11):
        project.spec(f"s{number}", reviewed=TODAY - timedelta(days=60))
    project.commit()
    project.spec("cache", ["src/cache.py"], reviewed=TODAY - timedelta(days=60), body="Edited.")
    refused = review(project, "--stale", "--by=ann", "--yes", code=2)
    assert "these are 11 specs, and the next check reports a change of more than 10 dates" in refused.stderr
    assert (records(project), project.git("status", "--porcelain")) == ([], "M specs/cache.md")
    done = review(project, "--stale", "--by=ann", "--yes", "--bulk", code=0)
    assert (len(records(project)), "the next check reports these 11 changes of dates" in done.stderr) == (12, True)
    assert [item for item in project.with_all_rules().found() if item.startswith("SG015")] == ["SG015 specs/s0.md"]


def test_review_before_the_last_record_is_refused(project: Project) -> None:
    review(project, "specs/cache.md", "--by=ann", code=0)
    refused = spec(project, "review", "--today=2020-11-19", "specs/cache.md", "--by=ann", code=2)
    assert "specs/cache.md has a record of 2020-11-20, by ann: no review of 2020-11-19 can follow it" in refused.stderr
    assert len(records(project)) == 1
    review(project, "specs/cache.md", "--by=ann", code=0)


def test_review_without_a_terminal_to_ask_at_says_so(project: Project) -> None:
    refused = review(project, "specs/cache.md", "--by=ann", "--diff", code=2)
    assert "--diff asks for confirmation, and there is no terminal to ask at" in refused.stderr
    assert records(project) == []


def test_review_writes_the_index_again_where_there_is_one(project: Project) -> None:
    review(project, "specs/cache.md", "--by=ann", code=0)
    assert not (project.root / "tasks/index.json").exists()
    spec(project, "index", code=0)
    project.spec("cache", ["src/cache.py"], reviewed=TODAY - timedelta(days=40))
    printed = review(project, "specs/cache.md", "--by=ann", code=0).stdout
    assert printed.splitlines()[-1] == "commit tasks/reviews.jsonl and tasks/index.json together with the spec"
    assert project.with_all_rules().found() == []


def test_forecast_shows_weeks(project: Project) -> None:
    result = spec(project, "forecast", "--today=2020-11-20", "--weeks=4")
    assert [line.split() for line in result.stdout.splitlines() if "cache" in line] == [["2020-W50", "1", "cache"]]
    weeks = json.loads(spec(project, "forecast", "--today=2020-11-20", "--format=json").stdout)
    assert [len(week["expiries"]) for week in weeks] == [0, 0, 0, 0, 1, 0, 0, 0, 0]
    assert spec(project, "forecast", "--format=svg").stdout.startswith("<svg")


def test_new_writes_a_spec_that_passes(project: Project) -> None:
    result = spec(project, "new", "queue", "--title=The queue", "--owner=ann", "--covers=src/queue.py")
    assert result.stdout == "wrote specs/queue.md\n"
    today = datetime.now(UTC).date()
    spec(project, "check", "specs/queue.md", f"--today={today}", code=0)
    spec(project, "new", "queue", "--title=T", "--owner=ann", code=2)
    bad = spec(project, "new", "a b", "--title=T", "--owner=ann")
    assert (bad.returncode, "expected text that matches" in bad.stderr) == (2, True)


@pytest.mark.parametrize("folder", ["../outside", "src", "/", "specs/../src", "specs/link"])
def test_new_refuses_a_folder_in_which_no_spec_is_checked(project: Project, folder: str) -> None:
    project.root.joinpath("specs/link").symlink_to(project.root.parent)
    refused = spec(project, "new", "queue", "--title=The queue", "--owner=ann", f"--folder={folder}")
    assert refused.returncode == 2
    assert (
        f"--folder {folder} is not a folder of specs\n  fix: name one of tasks/specs, specs, docs/specs"
        in refused.stderr
    )
    assert not list(project.root.parent.rglob("queue.md"))


@pytest.mark.parametrize("folder", ["docs/specs", "./specs/deep/"])
def test_new_writes_into_the_named_folder(project: Project, folder: str) -> None:
    written = spec(project, "new", "queue", "--title=The queue", "--owner=ann", f"--folder={folder}").stdout
    path = written.split()[1]
    assert (project.root / folder / "queue.md").samefile(project.root / path)
    assert path == f"{folder.strip('./')}/queue.md"


def test_unreadable_specs_are_left_out_and_reported(project: Project) -> None:
    project.write("tasks/specs/broken.md", "---\nid: [\n---\n")
    for command in ("forecast", "index", "review --level 2"):
        result = spec(project, *command.split(), code=0)
        assert "skipped" in result.stderr
        assert "pytest-orchestrator spec check" in result.stderr


def test_index_agrees_with_the_specs(project: Project) -> None:
    assert spec(project, "index").stdout == "wrote tasks/index.json: 1 spec\n"
    assert project.with_all_rules().found() == []


def test_stamp_migrates_in_one_go_or_not_at_all(project: Project) -> None:
    project.write(
        "pyproject.toml",
        '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs"]\n'
        '[tool.pytest_orchestrator.spec_guard.stamp]\nstatuses = { done = "implemented" }\n',
    )
    project.write("specs/old.md", '+++\ntitle = "Old"\nstatus = "done"\n+++\nText.\n')
    project.write("specs/bad.md", "---\nstatus: shipped\n---\nText.\n")
    result = spec(project, "stamp", "--owner=ann")
    assert (result.returncode, "'shipped'" in result.stderr) == (2, True)
    assert (project.root / "specs/old.md").read_text().startswith("+++")
    project.write("specs/bad.md", "# Title\n")
    assert "would be stamped: specs/old.md" in spec(project, "stamp", "--owner=ann", "--dry-run").stdout
    result = spec(project, "stamp", "--owner=ann")
    assert result.stdout == "stamped: specs/bad.md\nstamped: specs/old.md\n2 files\n"
    checked = spec(project, "check", "--base=HEAD")
    assert "SG001" not in checked.stdout
    assert "SG002" not in checked.stdout
    assert spec(project, "stamp", "--undo").stdout.endswith("2 files\n")
    assert (project.root / "specs/bad.md").read_text() == "# Title\n"


@pytest.mark.parametrize("form", ["sarif", "github", "junit", "markdown", "json", "text"])
def test_check_writes_every_format(project: Project, form: str) -> None:
    result = spec(project, "check", "--today=2021-03-01", f"--format={form}", code=1)
    assert "SG005" in result.stdout
    if form == "sarif":
        assert sarif_log(result.stdout).runs[0].results


def test_every_command_helps_with_an_example(project: Project) -> None:
    for name in ("review", "forecast", "new", "index", "stamp", "replay", "check", "list", "rule", "suggest-covers"):
        assert f"Example: pytest-orchestrator spec {name}" in " ".join(spec(project, name, "--help").stdout.split())

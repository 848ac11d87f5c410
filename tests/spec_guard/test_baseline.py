"""The baseline: it excuses what was wrong at its adoption, and nothing that a change makes wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from pytest_orchestrator.spec_guard.project import Project as GuardedProject
from tests.cli.command_line import run
from tests.spec_guard.project import TODAY, Project

BASELINE = "tasks/spec-baseline.json"
LINK = "Its [plan](gone.md)."
TWO_LINKS = f"{LINK} [Notes](notes.txt)."


@pytest.fixture
def adopted(project: Project) -> Project:
    """A project with two specs that have a dead link, and a baseline that holds both; tagged `base`."""
    project.with_all_rules()
    project.write("pyproject.toml", '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs"]\n')
    project.write("src/cache.py", "LIMIT = 10\n")
    project.spec("cache", ["src/cache.py"], body=LINK)
    project.write("specs/notes.txt", "They are here.")
    project.spec("index", body=TWO_LINKS)
    project.commit(day=TODAY - timedelta(days=10))
    assert project.found() == ["SG018 specs/cache.md", "SG018 specs/index.md"]
    _cli(project, "baseline", code=0)
    project.commit()
    project.git("tag", "base")
    return project


def _cli(project: Project, verb: str, *arguments: str, code: int) -> str:
    result = run(project.root, "spec", verb, "--today", str(TODAY), *arguments, code=code)
    return result.stdout + result.stderr


def _entries(project: Project) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((project.root / BASELINE).read_text())["entries"]
    return found


def _write(project: Project, entries: list[dict[str, str]]) -> None:
    data = {"schema": "pytest-orchestrator/spec-baseline/1", "entries": entries}
    project.write(BASELINE, json.dumps(data))


def test_findings_in_the_baseline_are_counted_and_fail_nothing(adopted: Project) -> None:
    report = adopted.check(base="base")
    assert (report.diagnostics, report.baseline) == ((), 2)
    assert "2 specs checked: 0 violations, 0 warnings, 2 findings in the baseline" in _cli(adopted, "check", code=0)


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        # the words of the spec
        ("specs/index.md", f"{TWO_LINKS} More.", ["SG018 specs/index.md"]),
        # the code that it covers
        ("src/cache.py", "LIMIT = 11\n", ["SG007 specs/cache.md", "SG018 specs/cache.md"]),
        # spacing of the spec, and a comment of the code: nothing that a finding depends on
        ("specs/index.md", TWO_LINKS.replace(" ", "\n"), []),
    ],
)
def test_what_a_change_touches_is_judged_in_full(adopted: Project, path: str, text: str, found: list[str]) -> None:
    if path.endswith(".md"):
        adopted.spec("index", body=text)
    else:
        adopted.write(path, text)
    errors = [item for item in adopted.found(base="base") if item[:5] in ("SG007", "SG018")]
    assert errors == found
    adopted.commit()
    assert [item for item in adopted.found(base="HEAD") if item[:5] == "SG018"] == [
        item for item in found if item[:5] == "SG018"
    ], "and it stays so when the change is the base of the next one"


def test_another_finding_on_an_untouched_spec_is_not_excused(adopted: Project) -> None:
    (adopted.root / "specs/notes.txt").unlink()
    (found,) = adopted.check(base="base").errors
    assert (found.rule, found.path, "'notes.txt'" in found.message) == ("SG018", "specs/index.md", True)


def test_new_spec_is_judged_in_full(adopted: Project) -> None:
    adopted.spec("new", body=LINK)
    assert adopted.found(base="base") == ["SG018 specs/new.md"]


def test_change_can_not_add_entries_to_the_baseline_of_the_base(adopted: Project) -> None:
    adopted.spec("index", body=f"{LINK} More.")
    _cli(adopted, "baseline", "--update", "--reason=we need it", "--base=base", code=0)
    assert {item["path"]: item.get("reason") for item in _entries(adopted)} == {
        "specs/cache.md": None,
        "specs/index.md": "we need it",
    }
    for _ in ("uncommitted", "committed"):
        rules = sorted(item.rule for item in adopted.check(base="base").errors)
        assert rules == ["SG010", "SG018", "SG022"]
        adopted.commit()


def test_entry_that_was_removed_can_not_come_back(adopted: Project) -> None:
    entries = _entries(adopted)
    _write(adopted, entries[:1])
    assert adopted.found(base="base") == ["SG018 specs/index.md"]
    adopted.commit()
    adopted.git("tag", "shrunk")
    _write(adopted, entries)
    assert sorted(adopted.found(base="shrunk")) == ["SG018 specs/index.md", "SG022 specs/index.md"]


def test_baseline_that_a_change_brings_holds_only_for_what_the_change_leaves_alone(project: Project) -> None:
    project.with_all_rules()
    project.write("pyproject.toml", '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs"]\n')
    project.write("src/cache.py", "LIMIT = 10\n")
    for name, covers in (("cache", ["src/cache.py"]), ("index", []), ("net", [])):
        project.spec(name, covers, body=LINK)
    project.commit(day=TODAY - timedelta(days=10))
    project.spec("index", body=f"{LINK} It breaks.")
    project.write("src/cache.py", "LIMIT = 11\n")
    _cli(project, "baseline", code=1)
    (entry,) = _entries(project)
    others = [{**entry, "path": f"specs/{name}.md"} for name in ("cache", "index")]
    for item in others:  # what a hand could add
        spec = GuardedProject(project.root, settings=project.settings, today=TODAY, rules=project.rules)
        (known,) = (each for each in project.check().errors if (each.rule, each.path) == ("SG018", item["path"]))
        made = spec.baseline_entry(known)
        assert made is not None
        item["digest"] = made.digest
    _write(project, [entry, *others])
    report = project.check()
    assert {item.path for item in report.errors} == {"specs/cache.md", "specs/index.md"}
    assert report.baseline == 1
    assert any("the change adds the baseline tasks/spec-baseline.json" in note for note in report.notes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "SG022 is not valid JSON"),
        ('{"schema": "pytest-orchestrator/spec-baseline/1", "entries": [{}]}', "SG022 entries.0"),
        ('{"schema": "a", "schema": "b"}', "SG022 is not valid JSON: a key is given twice"),
    ],
)
def test_baseline_that_can_not_be_read_holds_nothing_and_is_an_error(adopted: Project, text: str, message: str) -> None:
    adopted.write(BASELINE, text)
    checked = _cli(adopted, "check", code=1)
    assert message in checked
    assert checked.count(": SG018 ") == 2
    refused = _cli(adopted, "baseline", "--update", code=2)
    assert f"{BASELINE}:" in refused


def test_update_removes_what_was_corrected_and_grows_only_with_a_reason(adopted: Project) -> None:
    adopted.spec("index", reviewed=TODAY, body="Nothing is linked.")
    assert "1 finding, 1 removed, 0 added" in _cli(adopted, "baseline", "--update", code=0)
    before = (adopted.root / BASELINE).read_bytes()
    adopted.spec("net", reviewed=TODAY, body=LINK)
    refused = _cli(adopted, "baseline", "--update", code=1)
    assert "it grows only with --reason TEXT" in refused
    assert (adopted.root / BASELINE).read_bytes() == before
    assert "2 findings, 0 removed, 1 added" in _cli(adopted, "baseline", "--update", "--reason", "legacy", code=0)
    assert "exists already" in _cli(adopted, "baseline", code=2)
    assert "--reason is for --update" in _cli(adopted, "baseline", "--reason=x", code=2)


def test_findings_about_a_change_are_never_in_a_baseline(adopted: Project) -> None:
    (adopted.root / BASELINE).unlink()
    adopted.write("src/cache.py", "LIMIT = 11\n")
    assert "not in it: 2 findings" in _cli(adopted, "baseline", code=1)  # the second one is on what it touches
    assert "SG007" not in {item["rule"] for item in _entries(adopted)}
    entry = {"rule": "SG007", "path": "specs/cache.md", "what": "src/cache.py changed, but", "digest": "x"}
    _write(adopted, [entry])
    assert "SG007 specs/cache.md" in adopted.found(base="base")


def test_baseline_that_git_ignores_counts_like_a_new_one(project: Project) -> None:
    project.with_all_rules()
    project.write("pyproject.toml", '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs"]\n')
    project.write(".gitignore", "tasks/\n")
    project.spec("cache", body=LINK)
    project.spec("index", body=LINK)
    project.commit(day=TODAY - timedelta(days=10))
    _cli(project, "baseline", code=0)
    entries = (project.root / BASELINE).read_text()
    project.spec("index", body=f"{LINK} More.")
    _cli(project, "baseline", "--update", "--reason=mine", code=0)
    assert (project.root / BASELINE).read_text() != entries
    assert {item.path for item in project.check().errors} == {"specs/index.md"}


def test_lack_of_specs_is_never_in_a_baseline(project: Project) -> None:
    project.write("pyproject.toml", '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs"]\n')
    project.write("specs/notes.txt", "x")
    project.commit()
    assert "not in it: 1 finding" in _cli(project, "baseline", code=1)
    assert _entries(project) == []
    assert " SG008 " in _cli(project, "check", code=1)


def test_age_and_commits_of_a_finding_may_change_while_it_is_known(project: Project) -> None:
    project.with_all_rules()
    project.write("pyproject.toml", '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs"]\n')
    project.spec("old", reviewed=TODAY - timedelta(days=100))
    project.commit(day=TODAY - timedelta(days=100))
    assert project.found() == ["SG005 specs/old.md"]
    _cli(project, "baseline", code=0)
    project.commit()
    later = run(project.root, "spec", "check", "--today", str(TODAY + timedelta(days=50)), code=0).stdout
    assert "1 finding in the baseline" in later


def test_pytest_and_the_command_line_agree(adopted: Project) -> None:
    def pytest_prints() -> str:
        options = ("--spec-guard-only", f"--spec-guard-today={TODAY}", "--spec-guard-base=base", "-pno:cacheprovider")
        command = [sys.executable, "-m", "pytest", *options]
        return subprocess.run(command, cwd=adopted.root, capture_output=True, text=True, check=False).stdout

    assert "2 specs checked: 0 violations, 0 warnings, 2 findings in the baseline" in pytest_prints()
    adopted.spec("index", body=f"{LINK} More.")
    printed = pytest_prints()
    assert "specs/index.md:8: SG018" in printed
    assert "2 specs checked: 2 violations, 0 warnings, 1 finding in the baseline" in printed


def test_baseline_outside_of_the_project_is_refused(adopted: Project, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text((adopted.root / BASELINE).read_text())
    adopted.write(
        "pyproject.toml", '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs"]\nbaseline = "../other.json"\n'
    )
    assert "pyproject.toml:3: tool.pytest_orchestrator.spec_guard.baseline" in _cli(adopted, "check", code=2)


def test_review_alone_voids_only_findings_about_reviews(project: Project) -> None:
    project.with_all_rules()
    old = TODAY - timedelta(days=50)
    path = project.spec("a", reviewed=old, body=LINK)
    project.commit(day=old)
    _cli(project, "baseline", code=0)
    project.commit(day=old)
    project.git("tag", "-f", "base")
    assert [item for item in project.found(base="base") if item[-1:] != "?"] == []
    text = (project.root / path).read_text()
    project.write(path, text.replace(f"last_review: {old}", f"last_review: {TODAY}"))
    assert not [item for item in project.found(base="base") if item[:5] == "SG018"]
    project.write(path, text.replace(f"last_review: {old}", f"last_review: {old - timedelta(days=1)}"))
    assert f"SG005 {path}" in project.found(base="base")

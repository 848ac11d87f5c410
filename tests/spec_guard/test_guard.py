from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from pytest_orchestrator.codec.decode import decode_json, encode
from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.errors import InputError, UsageError
from pytest_orchestrator.spec_guard.change.scope import Scope
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.reports.report import SpecReport, render_markdown, render_text
from pytest_orchestrator.spec_guard.rules.rule import Rule, RuleContext
from pytest_orchestrator.spec_guard.rules.shipped import SHIPPED_RULES
from tests.spec_guard.project import TODAY, Project


def test_a_link_that_became_a_folder_of_specs_is_no_spec(project: Project) -> None:
    (project.root / "specs").symlink_to("elsewhere")
    project.commit()
    (project.root / "specs").unlink()
    project.spec("a")
    assert project.check().specs == ("specs/a.md",)


def test_stale_spec_fails_with_its_age_and_limit(project: Project) -> None:
    project.spec("a", reviewed=date(2020, 9, 1))
    (found,) = project.check().diagnostics
    assert str(found) == "specs/a.md:6: SG005 last reviewed 2020-09-01, 80 days ago, limit 30 days"
    assert "spec review specs/a.md --by ann" in found.fix


@pytest.mark.parametrize(
    ("age", "found"),
    [(31, ["SG005 specs/a.md"]), (30, ["SG005? specs/a.md"]), (23, ["SG005? specs/a.md"]), (22, []), (0, [])],
)
def test_warning_comes_seven_days_before_the_limit(project: Project, age: int, found: list[str]) -> None:
    project.spec("a", reviewed=TODAY - timedelta(days=age))
    assert project.found() == found


def test_limit_and_warning_days_are_settings(project: Project) -> None:
    project.spec("a", reviewed=TODAY - timedelta(days=30))
    assert project.found(max_age_days=29) == ["SG005 specs/a.md"]
    assert project.found(max_age_days=90) == []
    assert project.found(max_age_days=40, warn_days=10) == ["SG005? specs/a.md"]
    assert project.found(warn_days=0) == []


def test_only_retired_ends_the_duty_to_review(project: Project) -> None:
    for status in ("draft", "in-review", "approved", "implemented", "retired"):
        project.spec(status, status=status, reviewed=date(2020, 1, 1))
    assert project.found() == [
        f"SG005 specs/{status}.md" for status in ("approved", "draft", "implemented", "in-review")
    ]


@pytest.mark.parametrize(("ahead", "found"), [(1, []), (2, ["SG004 specs/a.md"])])
def test_future_review_has_one_day_of_grace(project: Project, ahead: int, found: list[str]) -> None:
    project.spec("a", reviewed=TODAY + timedelta(days=ahead))
    assert project.found() == found


def test_id_used_twice_names_the_first_location(project: Project) -> None:
    project.spec("a", identity="same")
    project.spec("b", identity="same")
    project.spec("c")
    (found,) = project.check().diagnostics
    assert str(found) == "specs/b.md:2: SG006 the id 'same' is used twice, first in specs/a.md:2"


def test_broken_front_matter_is_one_failure(project: Project) -> None:
    project.write("specs/a.md", "---\nid: a\nid: b\n---\n")
    project.write("specs/b.md", "---\nid: b\ntitle: T\nstatus: approved\nowners: [x]\nlast_review: soon\n---\n")
    assert project.found() == ["SG001 specs/a.md", "SG003 specs/b.md"]


def test_no_spec_is_a_failure(project: Project) -> None:
    (project.root / "specs").mkdir()
    assert project.found() == ["SG008 pyproject.toml"]
    assert project.found(paths=None) == ["SG008 pyproject.toml"]
    project.write("specs/README.md", "what a spec is")
    project.write("specs/notes.txt", "x")
    assert project.found() == ["SG008 pyproject.toml"]


def test_specs_are_tracked_or_not_but_never_ignored(project: Project) -> None:
    project.spec("tracked")
    project.commit()
    project.spec("untracked")
    project.spec("ignored")
    project.spec("deleted")
    project.git("add", "specs/deleted.md")
    (project.root / "specs/deleted.md").unlink()
    project.write(".gitignore", "specs/ignored.md\n")
    project.write("specs/deep/er/nested.markdown", (project.root / "specs/tracked.md").read_bytes())
    report = project.check()
    assert report.specs == ("specs/deep/er/nested.markdown", "specs/tracked.md", "specs/untracked.md")


def test_default_paths_are_those_that_exist(project: Project) -> None:
    project.settings = type(project.settings)()
    for folder in ("tasks/specs", "docs/specs", "elsewhere"):
        project.write(f"{folder}/a.md", "x")
    assert project.check().specs == ("docs/specs/a.md", "tasks/specs/a.md")


def test_path_may_be_a_file_or_the_project_itself(project: Project) -> None:
    project.write("DESIGN.md", "x")
    project.write("README.md", "x")
    assert project.check(paths=("README.md",)).specs == ("README.md",)
    assert project.check(paths=(".",)).specs == ("DESIGN.md",)


@pytest.mark.parametrize("path", ["absent", "../outside", "/tmp", "link"])  # noqa: S108 - a path that is refused
def test_configured_path_that_is_wrong_is_an_error(project: Project, path: str) -> None:
    project.spec("a")
    (project.root / "link").symlink_to("specs")
    with pytest.raises(InputError, match=r"spec_guard\.paths"):
        project.check(paths=(path,))


def test_spec_that_is_a_link_is_refused(project: Project) -> None:
    project.spec("a")
    (project.root / "specs/link.md").symlink_to("a.md")
    (found,) = project.check().diagnostics
    assert str(found) == "specs/link.md:1: SG001 is a symbolic link"


def test_spec_that_can_not_be_read_is_a_failure(project: Project) -> None:
    project.write("specs/huge.md", b"---\n" + b"x" * (11 << 20))
    (found,) = project.check().diagnostics
    assert str(found) == "specs/huge.md:1: SG001 is larger than 10,485,760 bytes"


def test_file_name_that_is_not_utf8_is_checked_and_printed(project: Project) -> None:
    project.write("specs/caf\udce9.md", "no front matter")
    report = project.check()
    assert [item.rule for item in report.diagnostics] == ["SG001"]
    assert json.dumps(encode(report))


# Named paths.


def test_named_spec_is_the_only_one_that_is_checked(project: Project) -> None:
    project.spec("a", reviewed=date(2020, 9, 1))
    project.spec("b", reviewed=date(2020, 9, 1))
    report = project.check("specs/a.md")
    assert report.specs == ("specs/a.md",)
    assert [item.path for item in report.diagnostics] == ["specs/a.md"]
    assert project.check("specs/").specs == ("specs/a.md", "specs/b.md")


def test_named_code_is_judged_by_the_specs_that_cover_it(project: Project) -> None:
    project.spec("a", ["src/a.py"], reviewed=date(2020, 9, 1))
    project.spec("b", ["src/b.py"])
    project.commit()
    project.write("src/a.py", "x")
    project.write("src/b.py", "x")
    assert project.found("src/b.py") == ["SG007 specs/b.md"]
    assert project.found("src") == ["SG007 specs/a.md", "SG007 specs/b.md"]
    assert project.found("src/b.py", "specs/a.md") == ["SG005 specs/a.md", "SG007 specs/a.md", "SG007 specs/b.md"]


def test_of_two_specs_with_one_id_the_named_one_is_reported(project: Project) -> None:
    project.spec("a", identity="same")
    project.spec("b", identity="same")
    assert project.found("specs/a.md") == ["SG006 specs/a.md"]
    project.spec("c")
    assert project.found("specs/c.md") == []


def test_named_path_that_does_not_exist_is_a_usage_error_unless_it_was_deleted(project: Project) -> None:
    project.spec("a", ["src/"])
    project.write("src/a.py", "x")
    project.commit()
    with pytest.raises(UsageError, match=r"src/b\.py does not exist"):
        project.check("src/b.py")
    (project.root / "src/a.py").unlink()
    assert project.found("src/a.py") == ["SG007 specs/a.md"]


def test_scope_diff_leaves_alone_what_the_change_has_nothing_to_do_with(project: Project) -> None:
    project.spec("stale", ["lib/"], reviewed=date(2020, 9, 1))
    project.spec("touched", ["src/"], reviewed=date(2020, 9, 1))
    project.commit()
    project.write("src/a.py", "x")
    report = project.check(scope="diff")
    assert {item.path for item in report.errors} == {"specs/touched.md"}
    (warning,) = report.warnings
    assert warning.path == "specs/stale.md"
    assert warning.message.endswith("(not caused by this change)")
    project.spec("new", reviewed=date(2020, 9, 1))
    assert "SG005 specs/new.md" in project.found(scope="diff")


# Rules of other packages.


def _demand_body(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    if not spec.body.strip():
        yield spec.diagnostic("TEAM1", f"says nothing, judged {context.today}", fix="write it", severity="warning")


def _raise(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    raise LookupError("no such thing")


def _rule(**arguments: object) -> Rule:
    settings: dict[str, object] = {"id": "TEAM1", "reason": "r", "fix": "f", "docs": "d", "check": _demand_body}
    return Rule(**{**settings, **arguments})  # type: ignore[arg-type]  # spelled as they are


def test_rule_of_another_package_is_applied(project: Project) -> None:
    project.spec("a", body="")
    project.rules = (*SHIPPED_RULES, _rule())
    report = project.check()
    assert [str(item) for item in report.diagnostics] == ["specs/a.md:2: TEAM1 says nothing, judged 2020-11-20"]
    assert not report.errors


def test_rule_that_raises_is_named(project: Project) -> None:
    project.spec("a")
    project.rules = (_rule(check=_raise),)
    with pytest.raises(UsageError, match="the spec rule TEAM1 failed: LookupError: no such thing"):
        project.check()


def test_two_rules_with_one_id_are_refused(project: Project) -> None:
    project.rules = (*SHIPPED_RULES, _rule(id="SG001"))
    with pytest.raises(UsageError, match="two spec rules have the id 'SG001'"):
        project.check()


# Reports.


def test_report_reads_back_and_renders(project: Project) -> None:
    project.spec("a", reviewed=date(2020, 9, 1), body="a | b")
    project.spec("b", reviewed=date(2020, 10, 25))
    report = project.check()
    assert decode_json(SpecReport, json.loads(json.dumps(encode(report))), path="report.json") == report
    text = render_text(report)
    assert "specs/a.md:6: SG005 last reviewed 2020-09-01" in text
    assert "\n  fix: read the spec" in text
    assert "specs/b.md:6: SG005 warning: last reviewed 2020-10-25, 26 days ago, limit 30 days: 4 days left" in text
    assert text.endswith("2 specs checked: 1 violation, 1 warning")
    page = render_markdown(report)
    assert "| `specs/a.md:6` | SG005 | error | last reviewed 2020-09-01" in page


def test_every_rule_has_its_page() -> None:
    from pathlib import Path

    root = Path(__file__).parents[2]
    for rule in SHIPPED_RULES:
        page = (root / rule.docs).read_text(encoding="utf-8")
        assert page.startswith(f"# {rule.id}: ")
        assert rule.reason in page
        assert rule.fix in page


def test_scope_changed_judges_only_what_the_change_concerns(project: Project) -> None:
    old = TODAY - timedelta(days=60)
    for name in ("elsewhere", "touched", "governing", "deleted"):
        project.spec(name, [f"src/{name}.py"], reviewed=old)
        project.write(f"src/{name}.py", "x = 1\n")
    project.commit(day=old)
    assert project.check(scope="changed").specs == ()
    project.spec("touched", ["src/touched.py"], reviewed=old, body="It does more.")
    project.write("src/governing.py", "x = 2\n")
    assert project.found(scope="changed") == [
        "SG005 specs/governing.md",
        "SG007 specs/governing.md",
        "SG005 specs/touched.md",
    ]
    (project.root / "specs/deleted.md").unlink()
    project.write("src/deleted.py", "x = 2\n")
    assert "SG007 specs/deleted.md" in project.found(scope="changed")


@pytest.mark.parametrize(("scope", "found"), [("all", ["SG001 specs/b.md"]), ("diff", []), ("changed", [])])
def test_unreadable_spec_that_the_change_does_not_touch_blocks_nothing(
    project: Project, scope: Scope, found: list[str]
) -> None:
    project.spec("a")
    project.write("specs/b.md", "no front matter")
    project.commit()
    assert project.found(scope=scope) == found
    project.write("specs/b.md", "still none")
    assert project.found(scope=scope) == ["SG001 specs/b.md"]


@pytest.mark.parametrize(("scope", "found"), [("all", ["SG008 pyproject.toml"]), ("diff", []), ("changed", [])])
def test_project_that_never_had_a_spec_is_not_to_be_blamed_on_a_change(
    project: Project, scope: Scope, found: list[str]
) -> None:
    (project.root / "specs").mkdir()
    project.write("src/one.py", "x = 1\n")
    project.commit()
    assert project.found(scope=scope) == found


def test_deleting_the_last_spec_is_found_in_every_scope(project: Project) -> None:
    where = project.root / project.spec("a")
    project.write("specs/keep.txt", "")
    project.commit()
    where.unlink()
    assert "SG008 pyproject.toml" in project.found(scope="changed")


@pytest.mark.parametrize("name", ["index", "_index", "template", "0000-template", "adr_template", "TEMPLATE"])
def test_template_or_index_is_no_spec_until_it_declares_code(project: Project, name: str) -> None:
    project.spec("a")
    project.write("src/one.py", "x = 1\n")
    project.write(f"specs/{name}.md", "---\nid: <id>\ntitle: <title>\n---\n# Title\n")
    project.commit()
    assert project.found() == []
    path = project.spec(name, ["src/one.py"], identity="real")
    project.commit()
    project.write("src/one.py", "x = 2\n")
    assert project.found() == [f"SG007 {path}"]
    project.write(path, "no front matter")  # nor can it escape by becoming a template
    assert f"SG020 {path}" in project.with_all_rules().found()


def test_replaced_object_hides_no_change(project: Project) -> None:
    project.write("src/one.py", "x = 1\n")
    path = project.spec("a", ["src/one.py"])
    project.commit()
    project.git("tag", "base")
    project.write("src/one.py", "x = 2\n")
    project.commit()
    project.git(
        "replace", "-f", project.git("rev-parse", "base:src/one.py"), project.git("rev-parse", "HEAD:src/one.py")
    )
    assert project.git("diff", "base", "HEAD") == ""
    assert project.found(base="base") == [f"SG007 {path}"]


@pytest.mark.parametrize("scope", ["all", "changed"])
def test_check_calls_git_a_few_times_however_many_specs_there_are(
    project: Project, monkeypatch: pytest.MonkeyPatch, scope: Scope
) -> None:
    folder, called = project.root.parent / "bin", project.root.parent / "called"
    folder.mkdir()
    wrapper = folder / "git"
    wrapper.write_text(f'#!/bin/sh\necho >> {called}\nexec {shutil.which("git")} "$@"\n')
    wrapper.chmod(0o755)
    counts = []
    for number in range(8):
        project.spec(f"s{number}", [f"src/{number}.py", "src/0.py::f"])
        project.write(f"src/{number}.py", f"def f():\n    return {number}\n")
        if number in (0, 7):
            project.commit()
            project.write("src/0.py", "def f():\n    return 9\n")
            called.write_text("")
            with monkeypatch.context() as patch:
                patch.setenv("PATH", str(folder), prepend=os.pathsep)
                project.with_all_rules().check(scope=scope)
            counts.append(len(called.read_text()))
    assert max(counts) <= 9

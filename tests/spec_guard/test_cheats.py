"""Every way that we know of to fool a spec guard, tried, and which rule tells."""

from __future__ import annotations

import shutil
from datetime import date, timedelta

import pytest

from pytest_orchestrator.config import ApprovalSettings
from pytest_orchestrator.errors import GitError, OrchestratorError
from pytest_orchestrator.spec_guard.coverage.meaning import file_digest
from pytest_orchestrator.spec_guard.coverage.syntax import text_digest
from pytest_orchestrator.spec_guard.reviews.ledger import ReviewRecord, render_reviews
from tests.spec_guard.project import TODAY, Project

OLD = TODAY - timedelta(days=10)
STALE = TODAY - timedelta(days=60)
LEDGER = "tasks/reviews.jsonl"


@pytest.fixture
def guarded(project: Project) -> Project:
    """One spec over one module, its review recorded, all in the base."""
    project.with_all_rules()
    project.write("src/cache.py", "LIMIT = 10\n")
    path = project.spec("cache", ["src/cache.py"], reviewed=OLD, body="It MUST hold at most 10 items.")
    made = ReviewRecord(
        spec="cache",
        path=path,
        by="ann",
        on=OLD,
        body=text_digest("It MUST hold at most 10 items."),
        covers={"src/cache.py": file_digest(b"LIMIT = 10\n", "src/cache.py")},
    )
    project.write(LEDGER, render_reviews([made]))
    project.commit(day=OLD)
    project.git("tag", "base")
    return project


def rules(project: Project, **settings: object) -> set[str]:
    """The rules that fail the change since the base."""
    return {item.rule for item in project.check(base="base", scope="all", **settings).errors}


def change_code(project: Project) -> None:
    project.write("src/cache.py", "LIMIT = 1000\n")


def test_bump_only_the_date(guarded: Project) -> None:
    guarded.spec("cache", ["src/cache.py"], reviewed=TODAY, body="It MUST hold at most 10 items.")
    guarded.commit()
    assert rules(guarded) == {"SG015"}


def test_bump_the_date_into_the_future(guarded: Project) -> None:
    guarded.spec("cache", ["src/cache.py"], reviewed=TODAY + timedelta(days=300), body="It MUST hold at most 10 items.")
    assert {"SG004", "SG015"} <= rules(guarded)


def test_bump_all_dates_in_one_commit(project: Project) -> None:
    project.with_all_rules()
    for number in range(20):
        project.spec(f"s{number}", reviewed=STALE)
    project.commit(day=STALE)
    project.git("tag", "base")
    for number in range(20):
        project.spec(f"s{number}", reviewed=TODAY)
    project.commit()
    assert rules(project) == {"SG015"}


def test_change_the_code_and_not_the_spec(guarded: Project) -> None:
    change_code(guarded)
    guarded.commit()
    assert rules(guarded) == {"SG007"}


def test_record_a_review_before_the_code_is_done(guarded: Project) -> None:
    """A record that the change makes speaks for the code that its reviewer saw, and for no other."""
    body = "It MUST hold at most 10 items."
    code = b"LIMIT = 1000\n"
    seen = {"src/cache.py": file_digest(code, "src/cache.py")}
    made = ReviewRecord(
        spec="cache", path="specs/cache.md", by="ann", on=OLD, body=text_digest(body), covers=seen, commit=None
    )
    with (guarded.root / LEDGER).open("a") as stream:
        stream.write(render_reviews([made]))
    guarded.write("src/cache.py", code)
    guarded.commit()
    assert rules(guarded) == set()
    guarded.write("src/cache.py", "LIMIT = 100_000\n")
    guarded.commit()
    assert rules(guarded) == {"SG007"}


def test_touch_another_spec_for_it(guarded: Project) -> None:
    change_code(guarded)
    guarded.spec("other", reviewed=TODAY)
    guarded.commit()
    assert rules(guarded) == {"SG007"}


def test_edit_the_words_and_keep_the_review(guarded: Project) -> None:
    change_code(guarded)
    guarded.spec("cache", ["src/cache.py"], reviewed=OLD, body="It MUST hold at most 10 items. Truly.")
    guarded.commit()
    assert rules(guarded) == {"SG010"}


def test_lower_the_requirement_with_the_code(guarded: Project) -> None:
    guarded.write("tasks/approvers.yaml", "schema: pytest-orchestrator/approvers/1\napprovers:\n  bob: {}\n")
    guarded.commit()
    guarded.git("tag", "-f", "base")
    change_code(guarded)
    guarded.spec("cache", ["src/cache.py"], reviewed=OLD, body="It SHOULD hold at most 1000 items.")
    guarded.commit()
    found = [item for item in guarded.check(base="base").errors if item.rule == "SG016"]
    assert ["MUST became SHOULD" in item.message for item in found] == [True, False]
    assert "the limit rose from 'at most 10' to 'at most 1000'" in found[1].message


def test_move_the_spec(guarded: Project) -> None:
    (guarded.root / "specs/deep").mkdir()
    guarded.git("mv", "specs/cache.md", "specs/deep/renamed.md")
    change_code(guarded)
    guarded.commit()
    assert rules(guarded) == {"SG007"}


def test_move_the_spec_out_of_the_spec_folders(guarded: Project) -> None:
    (guarded.root / "attic").mkdir()
    guarded.git("mv", "specs/cache.md", "attic/cache.md")
    change_code(guarded)
    guarded.commit()
    assert {"SG007", "SG008"} <= rules(guarded)


def test_move_a_spec_and_rewrite_it_on_the_way(project: Project) -> None:
    """Without recorded reviews the history must be followed through the move."""
    project.with_all_rules()
    project.spec("cache", reviewed=OLD, body="It holds ten items, and never an item more than those ten.")
    project.commit(day=OLD)
    project.git("tag", "base")
    project.git("mv", "specs/cache.md", "specs/moved.md")
    text = (project.root / "specs/moved.md").read_text()
    project.commit()
    project.write("specs/moved.md", text.replace("ten items", "any number of items"))
    project.commit()
    assert rules(project) == {"SG010"}


def test_delete_the_spec(guarded: Project) -> None:
    (guarded.root / "specs/cache.md").unlink()
    change_code(guarded)
    guarded.commit()
    assert {"SG007", "SG008"} <= rules(guarded)


def test_rename_the_covered_file(guarded: Project) -> None:
    guarded.git("mv", "src/cache.py", "src/store.py")
    guarded.write("src/store.py", "LIMIT = 1000\n")
    guarded.commit()
    assert rules(guarded) == {"SG007", "SG012"}


def test_cover_less(guarded: Project) -> None:
    change_code(guarded)
    guarded.spec("cache", [], reviewed=OLD, body="It MUST hold at most 10 items.")
    guarded.commit()
    assert rules(guarded) == {"SG007", "SG020"}


def test_cover_less_today_and_change_the_code_tomorrow(guarded: Project) -> None:
    guarded.spec("cache", [], reviewed=OLD, body="It MUST hold at most 10 items.")
    guarded.commit()
    assert guarded.found(base="base") == ["SG020 specs/cache.md"]


def test_put_last_review_into_a_code_block(guarded: Project) -> None:
    guarded.write(
        "specs/cache.md",
        "---\nid: cache\ntitle: T\nstatus: approved\nowners: [ann]\n---\n```yaml\n"
        f"last_review: {TODAY}\n```\nIt MUST hold at most 10 items.\n",
    )
    assert rules(guarded) == {"SG003", "SG020"}


def test_write_two_front_matters(guarded: Project) -> None:
    head = "id: cache\ntitle: T\nstatus: approved\nowners: [ann]\n"
    guarded.write(
        "specs/cache.md", f"---\n{head}last_review: {STALE}\n---\n---\n{head}last_review: {TODAY}\n---\nText.\n"
    )
    assert {"SG005", "SG010"} <= rules(guarded)


def test_write_the_date_twice(guarded: Project) -> None:
    head = "id: cache\ntitle: T\nstatus: approved\nowners: [ann]\n"
    guarded.write("specs/cache.md", f"---\n{head}last_review: {STALE}\nlast_review: {TODAY}\n---\nText.\n")
    assert rules(guarded) == {"SG001"}


def test_retire_the_spec_to_dodge(guarded: Project) -> None:
    change_code(guarded)
    guarded.spec("cache", ["src/cache.py"], reviewed=OLD, status="retired", body="It MUST hold at most 10 items.")
    guarded.commit()
    assert rules(guarded) == {"SG007", "SG020"}


def test_retire_the_spec_today_and_change_its_code_tomorrow(guarded: Project) -> None:
    guarded.spec("cache", ["src/cache.py"], reviewed=OLD, status="retired", body="It MUST hold at most 10 items.")
    guarded.commit()
    assert rules(guarded) == {"SG020"}


def test_retire_a_spec_that_covers_nothing_any_more(guarded: Project) -> None:
    guarded.spec("cache", [], reviewed=OLD, status="retired", body="It MUST hold at most 10 items.")
    guarded.commit()
    assert rules(guarded) == {"SG020"}


def test_delete_the_spec_today_and_change_its_code_tomorrow(guarded: Project) -> None:
    guarded.spec("other", reviewed=TODAY)
    (guarded.root / "specs/cache.md").unlink()
    guarded.commit()
    assert rules(guarded) == {"SG020"}


def test_lead_a_link_out_of_the_tree(guarded: Project) -> None:
    outside = guarded.root.parent / "fresh.md"
    shutil.copy(guarded.root / "specs/cache.md", outside)
    (guarded.root / "specs/cache.md").unlink()
    (guarded.root / "specs/cache.md").symlink_to(outside)
    assert "SG001" in rules(guarded)


def test_keep_the_ledger_behind_a_link(guarded: Project) -> None:
    outside = guarded.root.parent / "reviews.jsonl"
    shutil.move(guarded.root / LEDGER, outside)
    (guarded.root / LEDGER).symlink_to(outside)
    assert rules(guarded) == {"SG015"}


def test_override_everything(guarded: Project) -> None:
    guarded.spec("stale", reviewed=STALE)
    entry = "reason: we are in a hurry, truly\n  owner: ann\n  approved_by: bob\n  expires: {}\n"
    for spec in ('"**"', "specs/", "specs/*.md"):
        text = f"- rule: SG005\n  spec: {spec}\n  {entry.format(TODAY)}"
        guarded.write("tasks/overrides.yaml", f"schema: pytest-orchestrator/overrides/1\noverrides:\n{text}")
        assert rules(guarded) == {"SG005", "SG019"}


def test_override_the_guard_of_overrides(guarded: Project) -> None:
    guarded.write(
        "tasks/overrides.yaml",
        "schema: pytest-orchestrator/overrides/1\noverrides:\n- rule: SG019\n  spec: cache\n"
        f"  reason: nobody needs to know\n  owner: ann\n  approved_by: bob\n  expires: {TODAY}\n",
    )
    assert rules(guarded) == {"SG019"}


def test_approve_ones_own_work(guarded: Project) -> None:
    body = text_digest("It MUST hold at most 10 items.")
    people = "approvers:\n  ann: {emails: [tester@example.org]}\n  bob: {emails: [bob@example.org]}\n"
    guarded.write("tasks/approvers.yaml", f"schema: pytest-orchestrator/approvers/1\n{people}")
    guarded.commit()
    guarded.git("tag", "-f", "base")
    text = (guarded.root / "specs/cache.md").read_text()
    policy = ApprovalSettings(required=1)
    for name in ("ann", "bob"):  # in one's own name, and in that of somebody who knows nothing of it
        entry = f"approvals:\n- {{by: {name}, body: '{body}'}}\n"
        guarded.write("specs/cache.md", text.replace("owners:", f"{entry}owners:"))
        guarded.commit()
        assert rules(guarded, approvals=policy) == {"SG013"}, name


def test_appoint_oneself_an_approver(guarded: Project) -> None:
    people = "schema: pytest-orchestrator/approvers/1\napprovers:\n  bob: {emails: [bob@example.org]}\n"
    guarded.write("tasks/approvers.yaml", people)
    guarded.commit()
    guarded.git("tag", "-f", "base")
    guarded.write("tasks/approvers.yaml", people + "  eve: {emails: [eve@example.org]}\n")
    body = text_digest("It MUST hold at most 10 items.")
    text = (guarded.root / "specs/cache.md").read_text()
    guarded.write("specs/cache.md", text.replace("owners:", f"approvals:\n- {{by: eve, body: '{body}'}}\nowners:"))
    guarded.git("add", "-A")
    guarded.git("-c", "user.email=eve@example.org", "commit", "-q", "-m", "eve", "--author", "Eve <eve@example.org>")
    found, loosened = guarded.check(base="base", approvals=ApprovalSettings(required=1)).errors
    assert (found.rule, "eve: is not among the approvers" in found.message) == ("SG013", True)
    assert (loosened.rule, loosened.path) == ("SG021", "tasks/approvers.yaml")


def test_forge_the_history_that_is_kept(guarded: Project) -> None:
    """What a pull request can write is the working tree; the kept history is not there."""
    assert rules(guarded) == set()
    kept = next((guarded.root / ".git/pytest-orchestrator").iterdir())
    guarded.write(".pytest_cache/d/pytest-orchestrator/" + kept.name, kept.read_bytes())
    change_code(guarded)
    guarded.commit()
    assert rules(guarded) == {"SG007"}


def test_force_push_the_base_away(guarded: Project) -> None:
    guarded.environ = {"GITHUB_BASE_REF": "main", "GITHUB_ACTIONS": "true"}
    guarded.git("remote", "add", "origin", str(guarded.root))
    orphan = guarded.git("commit-tree", "-m", "forced", "HEAD^{tree}")
    guarded.git("update-ref", "refs/remotes/origin/main", orphan)
    with pytest.raises(GitError, match="no commit in common"):
        guarded.check()


def test_shallow_clone(guarded: Project) -> None:
    change_code(guarded)
    guarded.commit()
    clone = guarded.root.parent / "clone"
    guarded.git("clone", "-q", "--depth", "1", f"file://{guarded.root}", str(clone))
    shallow = Project.__new__(Project)
    shallow.root, shallow.settings, shallow.environ = clone, guarded.settings, {}
    shallow.with_all_rules()
    with pytest.raises(GitError, match="is not a commit of this clone"):
        shallow.check(base="base")
    # With recorded reviews the last commit is enough to see that the code is not what was reviewed.
    assert [item.rule for item in shallow.check(base="HEAD").warnings] == ["SG011"]


def test_submodule(guarded: Project) -> None:
    other = guarded.root.parent / "other"
    other.mkdir()
    (other / "a.py").write_text("x = 1\n")
    Project(other).commit()
    guarded.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "src/vendored")
    guarded.spec("vendored", ["src/vendored"], reviewed=TODAY)
    guarded.commit()
    assert rules(guarded) == set()
    (guarded.root / "src/vendored/specs").mkdir()
    (guarded.root / "src/vendored/new.py").write_text("x = 1\n")
    assert rules(guarded) == set()


def test_merge_commit_that_changes_code_by_itself(guarded: Project) -> None:
    guarded.git("checkout", "-q", "-b", "side")
    guarded.write("src/free.py", "x = 1\n")
    guarded.commit()
    guarded.git("checkout", "-q", "main")
    guarded.commit()
    guarded.git("merge", "-q", "--no-ff", "--no-commit", "side")
    change_code(guarded)
    guarded.commit()
    assert rules(guarded) == {"SG007"}


def test_detached_head(guarded: Project) -> None:
    change_code(guarded)
    guarded.commit()
    guarded.git("checkout", "-q", "--detach")
    assert rules(guarded) == {"SG007"}


def test_worktree(guarded: Project) -> None:
    path = guarded.root.parent / "worktree"
    guarded.git("worktree", "add", "-q", str(path), "-b", "elsewhere")
    here = Project.__new__(Project)
    here.root, here.settings, here.environ = path, guarded.settings, {}
    here.with_all_rules()
    assert rules(here) == set()
    change_code(here)
    here.commit()
    assert rules(here) == {"SG007"}
    assert rules(guarded) == set()


def test_no_commits_yet(project: Project) -> None:
    project.with_all_rules()
    project.write("src/a.py", "x = 1\n")
    project.spec("a", ["src/a.py"], reviewed=TODAY)
    assert project.found() == []
    project.spec("a", ["src/a.py"], reviewed=STALE)
    assert "SG005 specs/a.md" in project.found()


def test_line_endings(guarded: Project) -> None:
    for path in ("specs/cache.md", "src/cache.py"):
        data = (guarded.root / path).read_bytes()
        guarded.write(path, data.replace(b"\n", b"\r\n"))
    assert rules(guarded) == set()
    guarded.git("checkout", "-q", "src/cache.py")
    assert rules(guarded) == set()


def test_spec_of_five_megabytes(guarded: Project) -> None:
    text = (guarded.root / "specs/cache.md").read_text()
    guarded.write("specs/cache.md", text + "It MUST do this. " * 300_000)
    assert rules(guarded) == {"SG010"}
    guarded.write("specs/cache.md", b"\0" * 5_000_000)
    assert "SG001" in rules(guarded)


def test_many_files_beside_it(guarded: Project) -> None:
    """A tenth of what the benchmark has, so that the suite stays quick."""
    for number in range(20):
        guarded.write(f"data/{number}/0.txt", "x")
        for name in range(100):
            (guarded.root / f"data/{number}/{name}.txt").write_text("x")
    guarded.write(".gitignore", "ignored/\n")
    guarded.write("ignored/specs/spec.md", "nothing")
    assert rules(guarded) == set()


@pytest.mark.parametrize("day", [date.min, date.max])
def test_dates_at_the_ends_of_the_calendar(guarded: Project, day: date) -> None:
    guarded.spec("cache", ["src/cache.py"], reviewed=day, body="It MUST hold at most 10 items.")
    assert rules(guarded) & {"SG004", "SG005"}


def test_severity_that_names_no_rule_is_an_error(guarded: Project) -> None:
    with pytest.raises(OrchestratorError, match="unknown rule 'SG5'"):
        guarded.check(base="base", severity={"SG5": "off"})

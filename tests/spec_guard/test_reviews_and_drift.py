"""SG010, SG011, SG012 and SG015: what became of specs and code since the last review."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from pytest_orchestrator.errors import GitError
from pytest_orchestrator.spec_guard.coverage.anchors import parse_anchor
from pytest_orchestrator.spec_guard.coverage.snapshot import Snapshot
from pytest_orchestrator.spec_guard.coverage.syntax import text_digest
from pytest_orchestrator.spec_guard.reviews.ledger import ReviewRecord, render_reviews
from tests.spec_guard.project import TODAY, Project

OLD = TODAY - timedelta(days=10)
LEDGER = "tasks/reviews.jsonl"


@pytest.fixture
def reviewed(project: Project) -> Project:
    """A project whose one spec covers one module, committed and reviewed on one day."""
    project.with_all_rules()
    project.write("src/cache.py", "class Cache:\n    def get(self, key):\n        return self.store[key]\n")
    project.spec("cache", ["src/cache.py"], reviewed=OLD)
    project.commit(day=OLD)
    return project


def record(
    project: Project, name: str = "cache", *, on: date = OLD, body: str = "What it does.", **more: object
) -> None:
    """Append a review of everything as it is now."""
    path = f"specs/{name}.md"
    covers = [line for line in (project.root / path).read_text().splitlines() if line.startswith("covers: ")]
    anchors = json.loads(covers[0].removeprefix("covers: ").replace("'", '"')) if covers else []
    files = project.git("ls-files", "--cached", "--others").splitlines()
    snapshot = Snapshot(project.root, files=files, dirty=files)
    digests = {text: digest for text in anchors if (digest := snapshot.digest(parse_anchor(text)))}
    known: dict[str, object] = {"spec": name, "path": path, "by": "ann", "on": on, "body": text_digest(body)}
    made = ReviewRecord(**{**known, "covers": digests, **more})  # type: ignore[arg-type]  # tests spell records freely
    where = project.root / LEDGER
    before = where.read_text() if where.exists() else ""
    project.write(LEDGER, before + render_reviews([made]))


def test_reviewed_project_is_clean(reviewed: Project) -> None:
    assert reviewed.found() == []


def test_edit_after_the_review_fails_and_names_the_commit(reviewed: Project) -> None:
    reviewed.spec("cache", ["src/cache.py"], reviewed=OLD, body="Something else.")
    assert reviewed.found() == ["SG010 specs/cache.md"]
    commit = reviewed.commit(day=TODAY - timedelta(days=2))
    (found,) = reviewed.check().diagnostics
    assert commit[:12] in found.message
    assert "spec review specs/cache.md --by ann" in found.fix


def test_whitespace_and_front_matter_do_not_count_as_an_edit(reviewed: Project) -> None:
    path = reviewed.spec("cache", ["src/cache.py"], reviewed=OLD, body="What\n\n   it  does.")
    reviewed.commit()
    assert reviewed.found() == []
    text = (reviewed.root / path).read_text().replace("title: T", "title: Another")
    reviewed.write(path, text)
    assert reviewed.found() == []


def test_edit_on_the_day_of_the_review_belongs_to_it(reviewed: Project) -> None:
    reviewed.spec("cache", ["src/cache.py"], reviewed=OLD, body="A typo less.")
    reviewed.commit(day=OLD)
    assert reviewed.found() == []


def test_edit_whose_author_date_is_set_back_comes_after_the_review(reviewed: Project) -> None:
    reviewed.spec("cache", ["src/cache.py"], reviewed=OLD, body="Something else.")
    reviewed.git("commit", "-q", "-a", "-m", "a change", "--date", f"{OLD}T13:00:00Z")
    (found,) = reviewed.check().diagnostics
    assert found.rule == "SG010"
    assert "by the order of commits" in found.message


@pytest.mark.parametrize("day", [OLD, OLD - timedelta(days=3)])
def test_edit_whose_dates_are_all_set_back_comes_after_what_it_descends_from(reviewed: Project, day: date) -> None:
    reviewed.write("README.md", "")
    reviewed.commit(day=OLD + timedelta(days=2))
    reviewed.spec("cache", ["src/cache.py"], reviewed=OLD, body="Something else.")
    reviewed.commit(day=day)
    assert reviewed.found() == ["SG010 specs/cache.md"]


def test_edit_that_is_dated_before_the_review_comes_after_it(reviewed: Project) -> None:
    reviewed.spec("cache", ["src/cache.py"], reviewed=OLD, body="Something else.")
    reviewed.commit(day=OLD - timedelta(days=3))
    assert reviewed.found() == ["SG010 specs/cache.md"]


def test_rebased_edit_of_the_same_day_still_belongs_to_the_review(project: Project) -> None:
    project.with_all_rules()
    for body in ("First words.", "A typo less."):
        project.spec("cache", reviewed=OLD, body=body)
        project.git("add", "-A")
        project.git("commit", "-q", "-m", "a change", "--date", f"{OLD}T13:00:00Z", day=OLD + timedelta(days=3))
    assert project.found() == []


def test_edit_with_a_new_date_is_reviewed(reviewed: Project) -> None:
    reviewed.spec("cache", ["src/cache.py"], reviewed=TODAY, body="New words.")
    assert reviewed.found() == []
    reviewed.commit()
    assert reviewed.found() == []


def test_recorded_review_counts_and_not_the_history(reviewed: Project) -> None:
    reviewed.spec("cache", ["src/cache.py"], reviewed=OLD, body="New words.")
    reviewed.commit()
    record(reviewed, body="New words.")
    assert reviewed.found() == []
    reviewed.spec("cache", ["src/cache.py"], reviewed=OLD, body="Other words.")
    assert reviewed.found() == ["SG010 specs/cache.md"]


def test_changed_code_is_named_with_its_lines_and_commits(reviewed: Project) -> None:
    code = (reviewed.root / "src/cache.py").read_text()
    reviewed.write("src/cache.py", code.replace("self.store[key]", "self.store.get(key)"))
    commit = reviewed.commit(day=TODAY - timedelta(days=3))
    (found,) = reviewed.check().diagnostics
    assert (found.rule, found.severity) == ("SG011", "warning")
    assert "src/cache.py:3" in found.message
    assert f"1 commit: {commit[:12]}, the first on 2020-11-17" in found.message


@pytest.mark.parametrize(("count", "counted"), [(6, "1 more file;"), (7, "2 more files;")])
def test_changed_files_beyond_the_fifth_are_counted(project: Project, count: int, counted: str) -> None:
    project.with_all_rules()
    for number in range(count):
        project.write(f"src/m{number}.py", "x = 1\n")
    project.spec("cache", ["src/*.py"], reviewed=OLD)
    project.commit(day=OLD)
    for number in range(count):
        project.write(f"src/m{number}.py", "x = 2\n")
    project.commit()
    (found,) = project.check().diagnostics
    assert counted in found.message


def test_reformatted_code_has_not_changed(reviewed: Project) -> None:
    reviewed.write("src/cache.py", "class Cache:\n    # a comment\n    def get(self, key): return (self.store[key])\n")
    reviewed.commit()
    assert reviewed.found() == []


def test_code_changed_back_has_not_changed(reviewed: Project) -> None:
    code = (reviewed.root / "src/cache.py").read_text()
    reviewed.write("src/cache.py", "x = 1\n")
    reviewed.commit()
    reviewed.write("src/cache.py", code)
    reviewed.commit()
    assert reviewed.found() == []


def test_drift_fails_beyond_the_limit_in_days_or_commits(reviewed: Project) -> None:
    for number in range(3):
        reviewed.write("src/cache.py", f"x = {number}\n")
        reviewed.commit(day=TODAY - timedelta(days=5))
    assert reviewed.found() == ["SG011? specs/cache.md"]
    settings = type(reviewed.settings.drift)
    assert reviewed.found(drift=settings(max_days=4)) == ["SG011 specs/cache.md"]
    assert reviewed.found(drift=settings(max_commits=2)) == ["SG011 specs/cache.md"]


def test_severity_of_a_rule_is_a_setting(reviewed: Project) -> None:
    reviewed.write("src/cache.py", "x = 1\n")
    reviewed.commit()
    assert reviewed.found(severity={"SG011": "error"}) == ["SG011 specs/cache.md"]
    assert reviewed.found(severity={"SG011": "off"}) == []


def test_symbol_drifts_only_when_it_changes_itself(project: Project) -> None:
    code = "class Cache:\n    def get(self):\n        return {}\n    def put(self):\n        return {}\n"
    project.with_all_rules()
    project.write("src/cache.py", code.format(1, 2))
    project.spec("cache", ["src/cache.py::Cache.get"], reviewed=OLD)
    project.commit(day=OLD)
    project.write("src/cache.py", code.format(1, 3))
    project.commit()
    assert project.found() == []
    project.write("src/cache.py", code.format(7, 3))
    assert project.found() == ["SG007 specs/cache.md", "SG011? specs/cache.md"]
    project.write("src/cache.py", code.format(1, 9))
    assert project.found() == []


def test_anchor_that_points_at_nothing_suggests_its_new_name(reviewed: Project) -> None:
    reviewed.git("mv", "src/cache.py", "src/store.py")
    reviewed.commit()
    found = [item for item in reviewed.check().diagnostics if item.rule == "SG012"]
    assert "src/store.py" in found[0].message
    reviewed.spec("symbol", ["src/store.py::Cache.got"], reviewed=TODAY)
    found = [item for item in reviewed.check().diagnostics if item.path == "specs/symbol.md"]
    assert [item.rule for item in found] == ["SG012"]
    assert "did you mean 'Cache.get'" in found[0].message


@pytest.mark.parametrize(
    ("status", "found"),
    [
        ("draft", []),
        ("in-review", []),
        ("approved", ["SG012? specs/plan.md"]),
        ("implemented", ["SG012 specs/plan.md"]),
        ("retired", []),
    ],
)
def test_code_that_never_was_is_missed_once_the_spec_is_agreed_on(
    reviewed: Project, status: str, found: list[str]
) -> None:
    reviewed.spec("plan", ["src/cahce.py"], reviewed=TODAY, status=status)
    assert reviewed.found() == found
    if found:
        (expected,) = reviewed.check().diagnostics
        assert "did you mean src/cache.py?" in expected.message


@pytest.mark.parametrize("status", ["draft", "approved", "retired"])
def test_glob_that_no_status_makes_readable_is_an_error(reviewed: Project, status: str) -> None:
    reviewed.spec("plan", ["src/{a,b}.py"], reviewed=TODAY, status=status)
    assert "SG002 specs/plan.md" in reviewed.found()


@pytest.mark.parametrize("is_recorded", [False, True])
def test_renamed_code_is_followed(reviewed: Project, is_recorded: bool) -> None:
    if is_recorded:
        record(reviewed, commit=reviewed.git("rev-parse", "HEAD"))
        reviewed.commit(day=OLD)
    reviewed.git("mv", "src/cache.py", "src/store.py")
    reviewed.spec("cache", ["src/store.py"], reviewed=OLD)
    reviewed.commit()
    assert reviewed.found() == []
    reviewed.write("src/store.py", "x = 1\n")
    reviewed.commit()
    assert reviewed.found() == ["SG011? specs/cache.md"]


def test_code_that_is_covered_since_the_review_was_never_compared(reviewed: Project) -> None:
    record(reviewed)
    reviewed.write("src/other.py", "x = 1\n")
    reviewed.commit(day=OLD)
    reviewed.spec("cache", ["src/cache.py", "src/other.py"], reviewed=OLD)
    (found,) = [item for item in reviewed.check().diagnostics if item.rule == "SG011"]
    assert "src/other.py was added to covers after the last review" in found.message


def test_record_survives_a_squash_of_its_commit(reviewed: Project) -> None:
    record(reviewed, commit="f" * 40)
    reviewed.commit(day=OLD)
    assert reviewed.found() == []
    reviewed.write("src/cache.py", "x = 1\n")
    reviewed.commit()
    assert reviewed.found() == ["SG011? specs/cache.md"]


def test_glob_drifts_when_a_file_comes_or_goes(project: Project) -> None:
    project.with_all_rules()
    project.write("src/a.py", "a = 1\n")
    project.spec("all", ["src/**/*.py"], reviewed=OLD)
    project.commit(day=OLD)
    project.write("src/deep/b.py", "b = 1\n")
    project.commit()
    (found,) = project.check().diagnostics
    assert "src/deep/b.py (new)" in found.message
    project.git("rm", "-q", "src/a.py", "src/deep/b.py")
    project.commit()
    assert project.found() == ["SG012 specs/all.md"]


def test_work_on_a_branch_that_was_merged_after_the_review_was_not_seen_by_it(project: Project) -> None:
    project.with_all_rules()
    project.write("src/a.py", "a = 1\n")
    project.commit(day=OLD)
    project.git("checkout", "-q", "-b", "side")
    project.write("src/a.py", "a = 2\n")
    project.commit(day=OLD)
    project.git("checkout", "-q", "main")
    project.spec("a", ["src/a.py"], reviewed=OLD)
    project.commit(day=OLD)
    assert project.found() == []
    project.git("merge", "-q", "--no-ff", "-m", "merge", "side", day=TODAY)
    assert project.found() == ["SG011? specs/a.md"]


def test_date_that_moves_without_a_record_fails_where_reviews_are_recorded(reviewed: Project) -> None:
    record(reviewed)
    reviewed.commit(day=OLD)
    assert reviewed.found() == []
    reviewed.spec("cache", ["src/cache.py"], reviewed=TODAY)
    assert reviewed.found() == ["SG015 specs/cache.md"]
    record(reviewed, on=TODAY)
    assert reviewed.found() == []


def test_first_move_of_a_date_wants_a_record_too(reviewed: Project) -> None:
    reviewed.write(LEDGER, "")
    reviewed.commit(day=OLD)
    assert reviewed.found() == []
    reviewed.spec("cache", ["src/cache.py"], reviewed=TODAY)
    (found,) = reviewed.check().diagnostics
    assert (found.rule, "no review was recorded" in found.message) == ("SG015", True)


def test_commit_that_changes_only_many_dates_fails(project: Project) -> None:
    project.with_all_rules()
    for number in range(12):
        project.spec(f"s{number:02}", reviewed=OLD)
    base = project.commit(day=OLD)
    for number in range(12):
        project.spec(f"s{number:02}", reviewed=TODAY)
    (found,) = project.check(base=base).diagnostics
    assert (found.rule, found.path) == ("SG015", "specs/s00.md")
    assert "the working tree changes only the dates of 12 specs, more than 10" in found.message
    commit = project.commit()
    (found,) = project.check(base=base).diagnostics
    assert f"the commit {commit[:12]} changes only the dates" in found.message
    assert project.found(base=base, bulk_dates=12) == []


def test_commit_that_edits_many_specs_passes(project: Project) -> None:
    project.with_all_rules()
    for number in range(12):
        project.spec(f"s{number:02}", reviewed=OLD)
    base = project.commit(day=OLD)
    for number in range(12):
        project.spec(f"s{number:02}", reviewed=TODAY, body="New words.")
    project.commit()
    assert project.found(base=base) == []


def test_ledger_is_only_appended_to(reviewed: Project) -> None:
    record(reviewed)
    base = reviewed.commit(day=OLD)
    reviewed.write(LEDGER, "")
    assert reviewed.found(base=base) == [f"SG015 {LEDGER}"]
    (reviewed.root / LEDGER).unlink()
    assert reviewed.found(base=base) == [f"SG015 {LEDGER}"]


def test_ledger_that_can_not_be_read_is_an_error_and_the_rest_is_judged(reviewed: Project) -> None:
    reviewed.write(LEDGER, '{"spec": "cache"\n')
    reviewed.spec("stale", reviewed=date(2020, 1, 1))
    found = reviewed.check().diagnostics
    assert [(item.rule, item.path, item.range.start_line) for item in found if item.rule != "SG005"] == [
        ("SG015", LEDGER, 1)
    ]
    assert "SG005" in {item.rule for item in found}


def test_shallow_clone_that_hides_the_review_is_an_error(reviewed: Project) -> None:
    reviewed.spec("cache", ["src/cache.py"], reviewed=OLD, body="New words.")
    reviewed.commit()
    clone = reviewed.root.parent / "clone"
    reviewed.git("clone", "-q", "--depth", "1", f"file://{reviewed.root}", str(clone))
    shallow = Project.__new__(Project)
    shallow.root, shallow.settings, shallow.environ = clone, reviewed.settings, {}
    shallow.with_all_rules()
    with pytest.raises(GitError, match=r"shallow, so it does not contain the review of specs/cache\.md"):
        shallow.check(base="HEAD")


def test_history_is_kept_inside_the_git_directory_and_grows_with_it(reviewed: Project) -> None:
    assert reviewed.found() == []
    kept = reviewed.root / ".git" / "pytest-orchestrator"
    assert len(list(kept.glob("history-*"))) == 1
    reviewed.write("src/cache.py", "x = 1\n")
    reviewed.commit()
    assert reviewed.found() == ["SG011? specs/cache.md"]
    assert len(list(kept.glob("history-*"))) == 2
    for path in kept.iterdir():
        path.write_bytes(b"0" * 64 + b"damaged")
    assert reviewed.found() == ["SG011? specs/cache.md"]


def test_file_name_that_looks_like_a_commit_changes_nothing(reviewed: Project) -> None:
    reviewed.write("src/\x01" + "a" * 40 + "\x02\x022020-01-01\x02x@y\x02", "x")
    reviewed.commit()
    assert reviewed.found() == []


def test_git_directory_that_cannot_be_written_changes_nothing(reviewed: Project) -> None:
    """A file stands where the folder is to be: what even root can't write into."""
    reviewed.commit()
    first = reviewed.check()
    (reviewed.root / ".git/pytest-orchestrator").rename(reviewed.root / ".git/moved")
    reviewed.write(".git/pytest-orchestrator", "")
    assert reviewed.check() == first
    assert (reviewed.root / ".git/pytest-orchestrator").read_bytes() == b""


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize(
    ("covers", "old", "new"),
    [
        ("src/cache.py", "src/cache.py", "src/store.py"),
        ("src/cache.py", "src/cache.py", "lib/cache.py"),
        ("src/", "src/cache.py", "src/sub/store.py"),
        ("src/", "src", "lib"),
        ("src/cache.py::Cache.get", "src/cache.py", "src/store.py"),
    ],
)
def test_moved_code_was_reviewed(
    reviewed: Project, *, covers: str, old: str, new: str, recorded: bool, committed: bool
) -> None:
    reviewed.spec("cache", [covers], reviewed=OLD)
    head = reviewed.commit(day=OLD)
    if recorded:
        record(reviewed, commit=head)
        reviewed.commit(day=OLD)
    (reviewed.root / new).parent.mkdir(parents=True, exist_ok=True)
    reviewed.git("mv", old, new)
    if covers.startswith(old):
        reviewed.spec("cache", [covers.replace(old, new)], reviewed=OLD)
    if committed:
        reviewed.commit()
    assert reviewed.found() == []
    where = next((reviewed.root / new).rglob("*.py")) if new == "lib" else reviewed.root / new
    where.write_text(where.read_text().replace("self.store[key]", "None"))
    assert [item for item in reviewed.found() if item.startswith("SG011")] == ["SG011? specs/cache.md"]


def test_code_in_a_digest_of_another_kind_is_compared_with_the_reviewed_commit(reviewed: Project) -> None:
    head = reviewed.git("rev-parse", "HEAD")
    record(reviewed, commit=head, covers={"src/cache.py": "text:" + "0" * 32})
    reviewed.commit()
    code = (reviewed.root / "src/cache.py").read_text()
    reviewed.write("src/cache.py", "# a comment\n" + code)
    assert reviewed.found() == []
    reviewed.write("src/cache.py", code.replace("[key]", ".get(key)"))
    assert "SG011? specs/cache.md" in reviewed.found()


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize(
    ("days", "author", "found"),
    [
        ([0], "ann", []),
        ([0, 0], "ann", []),
        ([1], "ann", ["SG011? specs/cache.md"]),
        ([1, 0], "ann", ["SG011? specs/cache.md"]),
        ([0], "bob", ["SG011? specs/cache.md"]),
    ],
)
def test_code_committed_after_its_spec_on_the_same_day_by_the_same_change_was_reviewed(
    reviewed: Project, *, days: list[int], author: str, found: list[str], recorded: bool
) -> None:
    if recorded:
        record(reviewed, commit=reviewed.git("rev-parse", "HEAD"))
        reviewed.commit(day=OLD)
    for number, later in enumerate(days):
        reviewed.write("src/cache.py", f"LIMIT = {number}\n")
        reviewed.git("add", "-A")
        name = f"--author={author} <{author}@example.org>" if author == "bob" else "--no-edit"
        reviewed.git("commit", "-qm", "Code", name, day=OLD + timedelta(days=later))
    assert reviewed.found() == found

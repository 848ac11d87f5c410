from __future__ import annotations

from datetime import timedelta

import pytest

from tests.spec_guard.project import TODAY, Project

SILENT = ["SG007 specs/a.md"]


@pytest.fixture
def forked(project: Project) -> str:
    """`main` holds a spec of `src/` and code; a branch is checked out. The answer is where it forked."""
    project.spec("a", ["src/"])
    project.write("src/one.py", "1")
    project.write("src/two.py", "2")
    project.write("other.py", "0")
    commit = project.commit(day=TODAY - timedelta(days=5))
    project.git("checkout", "-q", "-b", "topic")
    return commit


def test_changed_code_needs_its_spec(project: Project, forked: str) -> None:
    project.write("src/one.py", "11")
    (found,) = project.check(base="main").diagnostics
    assert str(found) == (
        "specs/a.md:7: SG007 src/one.py changed, but this spec, which covers it, was not updated in this change"
    )
    assert "spec review specs/a.md --by ann" in found.fix


def test_code_that_no_spec_covers_needs_none(project: Project, forked: str) -> None:
    project.write("other.py", "00")
    project.commit()
    assert project.found(base="main") == []


@pytest.mark.parametrize("how", ["committed", "staged", "unstaged", "untracked", "deleted", "renamed", "link"])
def test_every_way_to_change_code_counts(project: Project, forked: str, how: str) -> None:
    one = project.root / "src/one.py"
    match how:
        case "committed":
            one.write_text("11")
            project.commit()
        case "staged":
            one.write_text("11")
            project.git("add", ".")
            one.write_text("1")  # the working tree is as it was, the index isn't
        case "unstaged":
            one.write_text("11")
        case "untracked":
            project.write("src/new.py", "3")
        case "deleted":
            one.unlink()
        case "renamed":
            project.git("mv", "src/one.py", "elsewhere.py")
        case "link":
            one.unlink()
            one.symlink_to("two.py")
    assert project.found(base="main") == SILENT


def test_ignored_files_are_no_change(project: Project, forked: str) -> None:
    project.write(".gitignore", "*.pyc\n")
    project.write("src/one.pyc", "x")
    assert project.found(base="main") == []


def test_edited_text_takes_part(project: Project, forked: str) -> None:
    project.write("src/one.py", "11")
    project.spec("a", ["src/"], body="What it does now.")
    assert project.found(base="main") == []
    project.commit()
    assert project.found(base="main") == []


@pytest.mark.parametrize(
    ("name", "covers", "changes"),
    [
        pytest.param("a", ["src/"], {"body": "What   it\r\ndoes.\n\n"}, id="respaced-text"),
        pytest.param("a", ["src/"], {"status": "implemented"}, id="other-keys"),
        pytest.param("a", ["src/"], {"status": "retired"}, id="retired"),
        pytest.param("a", ["src/two.py"], {}, id="narrowed-covers"),
        pytest.param("b", ["lib/"], {"body": "Much that is new."}, id="another-spec"),
    ],
)
def test_edits_that_do_not_take_part(
    project: Project, forked: str, name: str, covers: list[str], changes: dict[str, str]
) -> None:
    project.write("src/one.py", "11")
    project.spec(name, covers, **changes)  # type: ignore[arg-type]  # none of the changes is a date
    assert project.found(base="main") == SILENT


def test_review_on_the_day_of_the_change_takes_part(project: Project, forked: str) -> None:
    project.write("src/one.py", "11")
    project.spec("a", ["src/"], reviewed=TODAY)
    assert project.found(base="main") == []
    project.spec("a", ["src/"], reviewed=TODAY - timedelta(days=1))  # a day of grace for time zones
    assert project.found(base="main") == []
    project.spec("a", ["src/"], reviewed=TODAY - timedelta(days=2))
    assert project.found(base="main") == SILENT


def test_day_of_a_committed_change_is_its_author_date(project: Project, forked: str) -> None:
    project.write("src/one.py", "11")
    project.spec("a", ["src/"], reviewed=TODAY - timedelta(days=3))
    project.commit(day=TODAY - timedelta(days=3))
    assert project.found(base="main") == []
    project.write("src/two.py", "22")
    project.commit(day=TODAY - timedelta(days=1))
    assert project.found(base="main") == SILENT


def test_review_is_not_made_stale_by_commits_that_touch_other_files(project: Project, forked: str) -> None:
    project.write("src/one.py", "11")
    project.spec("a", ["src/"], reviewed=TODAY - timedelta(days=3))
    project.commit(day=TODAY - timedelta(days=3))
    project.write("other.py", "00")
    project.commit()
    assert project.found(base="main") == []


def test_review_that_did_not_move_does_not_take_part(project: Project) -> None:
    project.spec("a", ["src/"], reviewed=TODAY)
    project.write("src/one.py", "1")
    project.commit()
    project.write("src/one.py", "11")
    assert project.found(base="HEAD") == SILENT


def test_every_spec_that_covers_the_code_is_needed(project: Project) -> None:
    project.spec("a", ["src/"])
    project.spec("b", ["src/one.py"])
    project.commit()
    project.write("src/one.py", "1")
    project.spec("b", ["src/one.py"], body="What it does now.")
    assert project.found(base="HEAD") == SILENT


def test_retired_spec_governs_nothing(project: Project) -> None:
    project.spec("a", ["src/"], status="retired")
    project.commit()
    project.write("src/one.py", "1")
    assert project.found(base="HEAD") == []


def test_new_spec_takes_part(project: Project, forked: str) -> None:
    project.write("lib/x.py", "1")
    project.spec("b", ["lib/"])
    assert project.found(base="main") == []


def test_renamed_spec_is_known_by_its_id(project: Project, forked: str) -> None:
    project.write("src/one.py", "11")
    project.git("mv", "specs/a.md", "specs/moved.md")
    assert project.found(base="main") == ["SG007 specs/moved.md"]


def test_spec_with_a_new_id_is_still_the_old_one(project: Project, forked: str) -> None:
    project.write("src/one.py", "11")
    project.spec("a", ["src/"], identity="brand-new")
    assert project.found(base="main") == SILENT
    project.git("mv", "specs/a.md", "specs/z.md")
    assert project.found(base="main") == ["SG007 specs/z.md"]


def test_copy_of_a_spec_that_is_still_there_is_a_new_spec(project: Project, forked: str) -> None:
    project.spec("a", ["src/"], body="What it does now.")
    project.spec("copy", ["lib/"])
    project.write("lib/x.py", "1")
    assert project.found(base="main") == []


def test_deleted_spec_excuses_nothing(project: Project, forked: str) -> None:
    project.write("src/one.py", "11")
    (project.root / "specs/a.md").unlink()
    project.spec("b", ["lib/"], body="Something else.")
    (found,) = project.check(base="main").diagnostics
    assert str(found) == "specs/a.md:2: SG007 the spec was deleted, but src/one.py, which it covered, changed"


NEW = "".join(f"def f{number}():\n    return {number}\n" for number in range(9))


@pytest.mark.parametrize(
    ("code", "covers", "found"),
    [
        (None, "", []),
        (NEW, "", []),
        (NEW, "src/new.py", []),
        ("one = 1\n", "", ["SG007 specs/a/spec.md"]),  # the same code in another place
        ("one = 1\nmore = 2\n", "", ["SG007 specs/a/spec.md"]),
    ],
)
@pytest.mark.parametrize("body", ["What it does.", "Other words."])
def test_spec_may_be_deleted_with_its_code(
    project: Project, *, code: str | None, covers: str, found: list[str], body: str
) -> None:
    project.with_all_rules()
    project.write("src/one.py", "one = 1\n")
    for name in ("a", "other"):
        project.spec(f"{name}/spec", ["src/one.py"] if name == "a" else [], identity=name)
    project.commit(day=TODAY - timedelta(days=10))
    project.git("tag", "base")
    project.git("rm", "-q", "src/one.py", "specs/a/spec.md")
    if code is not None:
        project.write("src/new.py", code)
    if covers:
        project.spec("b/spec", [covers], identity="b", body=body)
    assert [item for item in project.found(base="base") if "?" not in item] == found
    project.commit()
    assert [item for item in project.found(base="base") if "?" not in item] == found


def test_deleted_spec_whose_code_another_one_takes_over_is_fine(project: Project, forked: str) -> None:
    project.write("src/one.py", "11")
    (project.root / "specs/a.md").unlink()
    project.spec("b", ["src/"], body="Another design.")
    assert project.found(base="main") == []


def test_deleted_spec_alone_is_fine(project: Project, forked: str) -> None:
    (project.root / "specs/a.md").unlink()
    project.spec("b")
    assert project.found(base="main") == []


def test_deleted_spec_that_another_one_is_moved_over_is_still_deleted(project: Project) -> None:
    project.spec("a", ["src/"], body="Of the sources.")
    project.spec("b", ["lib/"], body="Of the library.")
    project.commit()
    project.write("src/one.py", "1")
    (project.root / "specs/b.md").rename(project.root / "specs/a.md")
    assert project.found(base="HEAD") == ["SG007 specs/a.md"]


def test_moving_the_configured_paths_does_not_hide_a_deleted_spec(project: Project) -> None:
    project.write("pyproject.toml", '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs"]\n')
    project.spec("a", ["src/"])
    project.commit()
    project.write("pyproject.toml", '[tool.pytest_orchestrator.spec_guard]\npaths = ["plans"]\n')
    project.write("src/one.py", "1")
    (project.root / "specs").rename(project.root / "plans")
    assert project.found(base="HEAD", paths=("plans",)) == ["SG007 plans/a.md"]
    (project.root / "plans/a.md").write_text("---\nid: other\ntitle: T\nstatus: draft\nowners: [x]\n---\n")
    assert "SG007 specs/a.md" in project.found(base="HEAD", paths=("plans",))


@pytest.mark.parametrize("former", ["", "[tool.other]\n", "[tool.pytest_orchestrator.spec_guard]\npaths = 3\n", "= ="])
def test_first_setting_of_paths_does_not_hide_what_lay_in_the_default_ones(project: Project, former: str) -> None:
    if former:
        project.write("pyproject.toml", former)
    project.spec("a", ["src/"])
    project.commit()
    project.write("pyproject.toml", '[tool.pytest_orchestrator.spec_guard]\npaths = ["plans"]\n')
    project.write("src/one.py", "1")
    (project.root / "specs").rename(project.root / "plans")
    assert project.found(base="HEAD", paths=("plans",)) == ["SG007 plans/a.md"]


def test_deleted_retired_spec_is_not_missed(project: Project) -> None:
    project.spec("a", ["src/"], status="retired")
    project.spec("b", body="Another one.")
    project.commit()
    project.write("src/one.py", "1")
    (project.root / "specs/a.md").unlink()
    assert project.found(base="HEAD") == []


def test_spec_that_broke_is_not_called_deleted(project: Project, forked: str) -> None:
    project.write("src/one.py", "11")
    project.write("specs/a.md", "---\nid: [\n---\n")
    assert project.found(base="main") == ["SG001 specs/a.md"]


def test_spec_that_was_broken_at_the_base_takes_part_when_it_is_mended(project: Project) -> None:
    project.write("specs/a.md", b"\xff\xfe")
    project.commit()
    project.spec("a", ["src/"])
    project.write("src/one.py", "1")
    assert project.found(base="HEAD") == []


def test_specs_do_not_govern_specs(project: Project) -> None:
    project.spec("a", ["**"])
    project.commit()
    project.spec("b", body="New.")
    assert project.found(base="HEAD") == []


def test_many_files_are_counted(project: Project, forked: str) -> None:
    for number in range(8):
        project.write(f"src/n{number}.py", "x")
    (found,) = project.check(base="main").diagnostics
    assert "src/n0.py, src/n1.py, src/n2.py, src/n3.py, src/n4.py and 3 more changed" in found.message


def test_merge_that_changes_code_by_itself_counts_with_its_day(project: Project, forked: str) -> None:
    project.write("src/one.py", "topic")
    project.spec("a", ["src/"], reviewed=TODAY - timedelta(days=4))
    project.commit(day=TODAY - timedelta(days=4))
    project.git("checkout", "-q", "-b", "side", forked)
    project.write("src/two.py", "side")
    project.commit(day=TODAY - timedelta(days=4))
    project.git("checkout", "-q", "topic")
    project.git("merge", "-q", "--no-commit", "side")
    project.write("src/one.py", "resolved by hand")
    project.commit()
    assert project.found(base="main") == SILENT


def test_code_in_conflict_counts(project: Project, forked: str) -> None:
    project.write("src/one.py", "topic")
    project.commit()
    project.git("checkout", "-q", "main")
    project.write("src/one.py", "main")
    project.spec("a", ["src/"], body="What it does now.")
    project.commit()
    with pytest.raises(Exception, match="merge"):
        project.git("merge", "topic")
    assert project.check(base="HEAD").compared is not None
    assert project.found(base="HEAD") == SILENT


def test_submodules_and_nested_repositories_do_not_crash(project: Project, forked: str) -> None:
    inner = project.root / "src/vendored"
    inner.mkdir()
    for command in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "x"]):
        project.git("-C", str(inner), *command)
    assert project.found(base="main") == SILENT
    project.git("-c", "advice.addEmbeddedRepo=false", "add", "src/vendored")
    assert project.found(base="main") == SILENT
    project.commit()
    assert project.found(base="main") == SILENT


def test_project_in_a_folder_of_its_repository_sees_its_own_files_only(project: Project) -> None:
    outer = project.root
    project.write("src/one.py", "1")
    project.root = outer / "packages/core"
    project.spec("a", ["src/"])
    project.write("src/one.py", "1")
    project.commit()
    (outer / "src/one.py").write_text("11")
    assert project.found(base="HEAD") == []
    project.write("src/one.py", "11")
    assert project.found(base="HEAD") == SILENT
    project.commit()
    assert project.found(base="HEAD~1") == SILENT


def test_index_of_a_hook_is_honoured(project: Project, forked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    project.git("update-index", "--assume-unchanged", "src/one.py")
    index = project.root / ".git/hook-index"
    index.write_bytes((project.root / ".git/index").read_bytes())
    monkeypatch.setenv("GIT_INDEX_FILE", str(index))
    project.git("rm", "-q", "--cached", "src/two.py")
    assert project.found(base="main") == SILENT
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert project.found(base="main") == []


# SG009.


def test_changed_code_that_no_spec_covers_is_warned_of(project: Project, forked: str) -> None:
    project.write("lib/x.py", "1")
    project.write("notes.txt", "1")
    project.spec("retired", ["lib/"], status="retired")
    assert project.found(base="main", code=("lib/", "src/")) == ["SG009? lib/x.py"]
    assert project.found(base="main", code=("lib/",), require_spec="fail") == ["SG009 lib/x.py"]
    assert project.found(base="main", code=("lib/",), require_spec="off") == []
    assert project.found(base="main") == []
    project.spec("b", ["lib/"])
    assert project.found(base="main", code=("lib/",)) == []

"""Changes that loosen the rules that judge them, and changes that only look like it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pytest_orchestrator.spec_guard.coverage.syntax import text_digest
from pytest_orchestrator.spec_guard.reviews.ledger import ReviewRecord, render_reviews
from tests.cli.command_line import run
from tests.spec_guard.loosening import (
    APPROVERS,
    BODY,
    LEDGER,
    OLD,
    OVERRIDE,
    SETTINGS,
    TABLE,
    Change,
    build_base,
    override,
    put,
    swap,
)
from tests.spec_guard.project import TODAY, Project


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_base(tmp_path_factory.mktemp("base")).root


@pytest.fixture
def change(base: Path, tmp_path: Path) -> Change:
    """A copy of the base, to be changed."""
    root = tmp_path / "project"
    shutil.copytree(base, root, symlinks=True)
    return Change(root)


def test_nothing_is_loosened_by_doing_nothing(change: Change) -> None:
    assert change.errors() == []
    change.write("notes.txt", "x")
    change.commit()
    assert change.errors() == []


CHEATS: dict[str, tuple[str, Callable[[Change], object]]] = {}


def cheat(expected: str) -> Callable[[Callable[[Change], object]], Callable[[Change], object]]:
    """A change that must be found by the rule `expected`."""

    def add(act: Callable[[Change], object]) -> Callable[[Change], object]:
        CHEATS[act.__name__] = (expected, act)
        return act

    return add


def setting(name: str, expected: str, *acts: Callable[[Change], object]) -> None:
    """A change of settings, and what else the change does."""

    def act(change: Change) -> None:
        for each in acts:
            each(change)

    CHEATS[name] = (expected, act)


def link_settings(change: Change) -> None:
    change.write("weak.toml", TABLE + 'paths = ["specs"]\n')
    (change.root / "pyproject.toml").unlink()
    (change.root / "pyproject.toml").symlink_to("weak.toml")


severity_off = swap("SG012 =", 'SG007 = "off"\nSG012 =')
setting("severity off", "SG021", severity_off)
setting("severity off, code is judged", "SG007", severity_off, Change.change_code)
setting("severity a warning", "SG007", swap("SG012 =", 'SG007 = "warning"\nSG012 ='), Change.change_code)
setting("severity of this rule", "SG021", swap("SG012 =", 'SG021 = "off"\nSG012 ='))
setting("severity back to its own", "SG021", swap('SG012 = "error"'))
setting("maximum age", "SG021", swap(TABLE, TABLE + "max_age_days = 9999\n"))
setting("days of warning", "SG021", swap("warn_days = 10", "warn_days = 0"))
setting("code elsewhere", "SG021", swap('"src/"', '"nowhere/"'))
setting("code elsewhere, file without a spec", "SG009", swap('"src/"', '"nowhere/"'), put("src/new.py"))
setting("code narrowed by a glob", "SG021", swap('"src/"', '"src/*.pyx"'))
setting("code dropped", "SG021", swap('code = ["src/", "lib/"]'))
setting("a spec for new code is only wished for", "SG009", swap('"fail"', '"warn"'), put("src/new.py"))
setting("scope", "SG021", swap('scope = "all"', 'scope = "diff"'))
setting("scope back to its default", "SG021", swap('scope = "all"'))
setting("bulk dates", "SG021", swap("bulk_dates = 5", "bulk_dates = 500"))
setting("roles", "SG021", swap('roles = ["security"]'))
setting(
    "roles, approval is judged", "SG013", swap('roles = ["security"]'), swap("by: bob", "by: zoe", "specs/cache.md")
)
setting("own commit", "SG021", swap("roles =", "own_commit = false\nroles ="))
setting("days of drift", "SG021", swap("max_days = 10", "max_days = 999"))
setting("commits of drift", "SG021", swap("max_commits = 5", "max_commits = 999"))
setting("all tables dropped", "SG021", put("pyproject.toml", "[project]\nname = 'x'\n"))
setting("pyproject deleted", "SG021", lambda change: (change.root / "pyproject.toml").unlink())
setting("pyproject a link to a weak one", "SG021", link_settings)
narrowed = swap('"specs", "more"', '"specs"')
setting("paths narrowed", "SG021", narrowed)
setting("paths narrowed, spec is judged", "SG005", narrowed, swap(str(OLD), "2020-01-01", "more/more.md"))
setting("paths narrowed, code is judged", "SG007", swap('"specs", "more"', '"more"'), Change.change_code)
setting("reviews in no file", "SG015", swap(TABLE, TABLE + 'reviews = "tasks/none.jsonl"\n'))


@cheat("SG015")
def reviews_in_an_empty_file(c: Change) -> None:
    c.settings_with('reviews = "tasks/none.jsonl"\n')
    c.write("tasks/none.jsonl", "")


@cheat("SG015")
def reviews_deleted(c: Change) -> None:
    (c.root / LEDGER).unlink()


@cheat("SG015")
def review_by_a_stranger(c: Change) -> None:
    c.change_code()
    c.spec("cache", ["src/cache.py"], reviewed=TODAY, body=BODY)
    c.approve("cache")
    c.review("cache", by="eve")


@cheat("SG015")
def review_by_a_new_owner(c: Change) -> None:
    review_by_a_stranger(c)
    c.edit("specs/cache.md", "owners: [ann]", "owners: [ann, eve]")


@cheat("SG015")
def review_by_the_only_owner_of_a_replacement(c: Change) -> None:
    (c.root / "specs/cache.md").unlink()
    c.spec("cache", ["src/cache.py"], identity="kept", reviewed=TODAY, body=BODY)
    c.edit("specs/cache.md", "owners: [ann]", "owners: [eve]")
    text = render_reviews(
        [ReviewRecord(spec="kept", path="specs/cache.md", by="eve", on=TODAY, body=text_digest(BODY))]
    )
    c.write(LEDGER, (c.root / LEDGER).read_text() + text)


@cheat("SG015")
def another_id_sheds_the_reviews(c: Change) -> None:
    c.change_code()
    c.spec("cache", ["src/cache.py"], identity="cache2", reviewed=OLD, body=BODY + " Truly.")


@cheat("SG013")
def approvers_of_ones_own(c: Change) -> None:
    c.settings_with('approvers = "tasks/friends.yaml"\n')
    c.write("tasks/friends.yaml", APPROVERS + "  eve: {emails: [eve@example.org], roles: [security]}\n")
    c.edit("specs/cache.md", "by: bob", "by: eve")
    c.commit_as("Eve")


@cheat("SG021")
def approver_added(c: Change) -> None:
    c.write("tasks/approvers.yaml", APPROVERS + "  eve: {emails: [eve@example.org]}\n")


@cheat("SG021")
def approver_added_in_another_file(c: Change) -> None:
    c.settings_with('approvers = "tasks/friends.yaml"\n')
    c.write("tasks/friends.yaml", APPROVERS + "  eve: {emails: [eve@example.org]}\n")


@cheat("SG021")
def approvers_deleted(c: Change) -> None:
    (c.root / "tasks/approvers.yaml").unlink()


@cheat("SG021")
def approver_with_another_address(c: Change) -> None:
    c.edit("tasks/approvers.yaml", "bob@example.org]", "bob@example.org, eve@example.org]")


@cheat("SG021")
def approver_with_a_role(c: Change) -> None:
    c.edit("tasks/approvers.yaml", "[security]", "[security, legal]")


@cheat("SG021")
def agent_that_may_approve(c: Change) -> None:
    c.edit("tasks/approvers.yaml", ", agent: true", "")


@cheat("SG007")
def override_approved_by_nobody_there_is(c: Change) -> None:
    c.change_code()
    c.write("tasks/overrides.yaml", OVERRIDE + override("SG007", "cache"))


@cheat("SG007")
def override_in_the_name_of_an_approver(c: Change) -> None:
    c.change_code()
    c.write("tasks/overrides.yaml", OVERRIDE + override("SG007", "cache", "bob"))
    c.commit()


@cheat("SG007")
def override_approved_by_an_agent(c: Change) -> None:
    c.change_code()
    c.commit()
    c.write("tasks/overrides.yaml", OVERRIDE + override("SG007", "cache", "bot"))
    c.commit_as("Bot")


@cheat("SG007")
def override_by_the_author_of_the_code(c: Change) -> None:
    c.change_code()
    c.write("tasks/overrides.yaml", OVERRIDE + override("SG007", "cache", "bob"))
    c.commit_as("Bob")


@cheat("SG007")
def overrides_in_another_file(c: Change) -> None:
    c.change_code()
    c.settings_with('overrides = "tasks/mine.yaml"\n')
    c.write("tasks/mine.yaml", OVERRIDE + override("SG007", "cache"))


@cheat("SG007")
def override_of_the_base_prolonged(c: Change) -> None:
    c.write("tasks/overrides.yaml", OVERRIDE + override("SG007", "cache", days=1))
    c.commit()
    c.git("tag", "-f", "base")
    c.change_code()
    c.write("tasks/overrides.yaml", OVERRIDE + override("SG007", "cache", days=29))


@cheat("SG021")
def override_of_the_loosening_itself(c: Change) -> None:
    c.settings_with("max_age_days = 300\n")
    c.write("tasks/overrides.yaml", OVERRIDE + override("SG021", "pyproject.toml"))


@cheat("SG021")
def status_draft(c: Change) -> None:
    c.edit("specs/cache.md", "status: approved", "status: draft")


@cheat("SG021")
def status_in_review(c: Change) -> None:
    c.edit("specs/cache.md", "status: approved", "status: in-review")


@cheat("SG021")
def evidence_dropped(c: Change) -> None:
    c.edit("specs/cache.md", "evidence: required\n", "")


@cheat("SG021")
def evidence_optional(c: Change) -> None:
    c.edit("specs/cache.md", "evidence: required\n", "evidence: optional\n")


@cheat("SG021")
def replaced_by_a_spec_without_requirements(c: Change) -> None:
    (c.root / "specs/cache.md").unlink()
    c.spec("memory", ["src/cache.py"], reviewed=OLD, body="Anything goes.", status="draft")


@cheat("SG021")
def replaced_under_a_glob(c: Change) -> None:
    (c.root / "specs/cache.md").unlink()
    c.spec("memory", ["src/c*.py"], reviewed=OLD, body="Anything goes.", status="draft")


@cheat("SG021")
def replaced_by_a_draft_of_the_same_text(c: Change) -> None:
    (c.root / "specs/cache.md").unlink()
    c.spec("memory", ["src/cache.py"], reviewed=OLD, body=BODY, status="draft")


@cheat("SG021")
def taken_over_by_a_spec_that_says_nothing_of_it(c: Change) -> None:
    (c.root / "specs/cache.md").unlink()
    c.edit("more/more.md", "owners:", "covers: [src/cache.py]\nowners:")


@cheat("SG021")
def retired_and_replaced(c: Change) -> None:
    c.edit("specs/cache.md", "status: approved", "status: retired")
    c.spec("memory", ["src/cache.py"], reviewed=OLD, body="Anything goes.", status="draft")


@cheat("SG021")
def retired_for_a_draft_of_the_same_text(c: Change) -> None:
    c.edit("specs/cache.md", "status: approved", "status: retired")
    c.spec("memory", ["src/cache.py"], reviewed=OLD, body=BODY, status="draft")


@cheat("SG021")
def code_handed_to_a_draft(c: Change) -> None:
    c.edit("specs/cache.md", "covers: ['src/cache.py']", "covers: ['src/store.py']")
    c.spec("memory", ["src/cache.py"], reviewed=OLD, body=BODY, status="draft")


@cheat("SG021")
def ids_swapped(c: Change) -> None:
    c.edit("specs/cache.md", "id: cache", "id: store")
    c.edit("specs/store.md", "id: store", "id: cache")


@cheat("SG021")
def ids_rotated(c: Change) -> None:
    c.edit("specs/cache.md", "id: cache", "id: store")
    c.edit("specs/store.md", "id: store", "id: more")
    c.edit("more/more.md", "id: more", "id: cache")


@cheat("SG020")
def covers_less(c: Change) -> None:
    c.edit("specs/cache.md", "covers: ['src/cache.py']\n", "")


@cheat("SG020")
def covers_a_function_only(c: Change) -> None:
    c.edit("specs/cache.md", "src/cache.py", "src/cache.py::cache")


@cheat("SG020")
def covers_another_file(c: Change) -> None:
    c.edit("specs/cache.md", "src/cache.py", "src/store.py")


@cheat("SG021")
def pytest_ini_with_a_base(c: Change) -> None:
    c.write("pytest.ini", "[pytest]\naddopts = --spec-guard --spec-guard-base=HEAD\n")


@cheat("SG021")
def empty_pytest_ini(c: Change) -> None:
    c.write("pytest.ini", "")


@cheat("SG021")
def hidden_pytest_toml(c: Change) -> None:
    c.write(".pytest.toml", '[pytest]\naddopts = ["--spec-guard", "--spec-guard-dry-run"]\n')


@cheat("SG021")
def pytest_ini_that_can_not_be_read(c: Change) -> None:
    c.write("pytest.ini", "addopts = --spec-guard\n")


for words in (
    "",
    "--spec-guard --spec-guard-base HEAD",
    "--spec-guard --spec-guard-dry-run",
    "--spec-guard --spec-guard-today=2020-11-12",
    "--spec-guard --spec-guard-max-age=999",
    "--spec-guard --spec-guard-scope=diff",
    "--spec-guard --deselect specs/cache.md",
    "--spec-guard --deselect=spec-guard::repository",
    "--spec-guard --deselect s",
    "--spec-guard -p no:orchestrator",
    "--spec-guard -pno:orchestrator-spec-guard",
    "--spec-guard-only",
):
    setting(
        f"addopts {words}",
        "SG021",
        swap('addopts = "--spec-guard"', f'addopts = "{words}"'),
    )


for words in ("--collect-only", "--fixtures", "--markers", "-h", "--cache-show", "--setup-plan"):
    setting(f"addopts {words}", "SG021", swap('addopts = "--spec-guard"', f'addopts = "--spec-guard {words}"'))


def override_stands(c: Change, spec: str, days: int = 5) -> None:
    """Let the base hold an override."""
    c.write("tasks/overrides.yaml", OVERRIDE + override("SG007", spec, days=days))
    c.commit()
    c.git("tag", "-f", "base")


@cheat("SG007")
def override_whose_place_another_spec_takes(c: Change) -> None:
    override_stands(c, "specs/store.md")
    c.git("rm", "-q", "specs/store.md", "src/store.py")
    c.git("mv", "specs/cache.md", "specs/store.md")
    c.change_code()


@cheat("SG021")
def override_whose_id_another_spec_takes(c: Change) -> None:
    c.edit("specs/store.md", BODY, "It MUST hold at least 5 items.")
    override_stands(c, "store")
    c.git("rm", "-q", "specs/store.md", "src/store.py")
    c.edit("specs/cache.md", "id: cache", "id: store")
    c.change_code()


@cheat("SG007")
def override_that_expired_is_prolonged(c: Change) -> None:
    override_stands(c, "cache", days=-1)
    c.write("tasks/overrides.yaml", OVERRIDE + override("SG007", "cache", days=9))
    c.change_code()


@cheat("SG007")
def overrides_moved_and_aimed_elsewhere(c: Change) -> None:
    override_stands(c, "store")
    c.settings_with('overrides = "tasks/mine.yaml"\n')
    c.git("mv", "tasks/overrides.yaml", "tasks/mine.yaml")
    c.edit("tasks/mine.yaml", "store", "cache")
    c.change_code()


@cheat("SG015")
def reviews_moved_and_forged(c: Change) -> None:
    c.settings_with('reviews = "tasks/mine.jsonl"\n')
    c.git("mv", LEDGER, "tasks/mine.jsonl")
    c.edit("tasks/mine.jsonl", '"ann"', '"eve"')


@cheat("SG021")
def approvers_moved_with_another_address(c: Change) -> None:
    c.settings_with('approvers = "tasks/mine.yaml"\n')
    c.git("mv", "tasks/approvers.yaml", "tasks/mine.yaml")
    c.edit("tasks/mine.yaml", "bob@example.org", "eve@example.org")


@cheat("SG021")
def baseline_elsewhere(c: Change) -> None:
    c.settings_with('baseline = "tasks/mine.json"\n')


for key, value in {
    "statuses": '{ approved = "retired" }',
    "keys": '{ seen = "last_review" }',
    "owners": '["eve"]',
    "ids": '["specs/{id}.md"]',
    "beside": '"meta.yaml"',
    "allow": '["*"]',
}.items():
    mapped = f"[tool.pytest_orchestrator.spec_guard.front_matter]\n{key} = {value}\n[tool.pytest.ini"
    setting(f"front matter {key}", "SG021", swap("[tool.pytest.ini", mapped))


@cheat("SG007")
def code_in_a_submodule(c: Change) -> None:
    (c.root.parent / "other").mkdir()
    other = Project(c.root.parent / "other")
    other.write("cache.py", "LIMIT = 1000\n")
    other.commit()
    c.git("rm", "-rq", "src")
    c.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other.root), "src")


@cheat("SG007")
def specs_that_git_ignores(c: Change) -> None:
    c.write(".gitignore", "specs/\n")
    c.git("rm", "-rq", "--cached", "specs")
    c.change_code()


@cheat("SG007")
def spec_that_looks_like_a_readme(c: Change) -> None:
    c.git("mv", "specs/cache.md", "specs/README.md")
    c.change_code()


@cheat("SG007")
def spec_that_looks_like_an_index(c: Change) -> None:
    c.git("mv", "specs/cache.md", "specs/index.md")
    c.edit("specs/index.md", "last_review", "last-review")
    c.change_code()


@cheat("SG007")
def package_in_place_of_the_module(c: Change) -> None:
    c.write("src/cache/__init__.py", "LIMIT = 1000\n")


@cheat("SG007")
def code_that_git_does_not_look_at(c: Change) -> None:
    c.git("update-index", "--assume-unchanged", "src/cache.py")
    c.change_code()


@cheat("SG019")
def two_globs_that_override_everything(c: Change) -> None:
    for name in ("cache", "store"):
        c.edit(f"specs/{name}.md", f"last_review: {OLD}", "last_review: 2020-01-01")
    entries = override("SG005", "specs/*", "bob") + override("SG005", "more/*", "bob")
    c.write("tasks/overrides.yaml", OVERRIDE + entries)


@cheat("SG021")
def settings_of_a_project_below_deleted(c: Change) -> None:
    c.write("sub/pyproject.toml", SETTINGS)
    c.write("sub/code.py", "")
    c.commit()
    c.git("tag", "-f", "base")
    (c.root / "sub/pyproject.toml").unlink()


@cheat("SG021")
def settings_of_the_base_that_name_nothing_in_the_project(c: Change) -> None:
    c.settings_with('max_age_days = 5\nreviews = "a\\u0000b"\noverrides = "../x"\nindex = "/etc/passwd"\n')
    c.edit("pyproject.toml", '"more"', '"more", "/etc", "..", "a\\u0000b"')
    c.commit()
    c.git("tag", "-f", "base")
    c.write("pyproject.toml", SETTINGS)


@cheat("SG021")
def settings_behind_a_link(c: Change) -> None:
    (c.root / "pyproject.toml").rename(c.root / "settings.toml")
    (c.root / "pyproject.toml").symlink_to("settings.toml")
    c.commit()
    c.git("tag", "-f", "base")
    c.edit("settings.toml", TABLE, TABLE + "max_age_days = 9999\n")


@cheat("SG021")
def settings_of_the_base_that_this_version_can_not_read(c: Change) -> None:
    c.settings_with("newer = 1\n")
    c.commit()
    c.git("tag", "-f", "base")
    c.edit("pyproject.toml", "newer = 1\n", "")


@pytest.mark.parametrize("name", CHEATS)
def test_cheat_is_found(change: Change, name: str) -> None:
    expected, act = CHEATS[name]
    act(change)
    change.commit()
    assert expected in {item.rule for item in change.errors()}


def defaults(change: Change) -> None:
    """Let the base have specs in two default folders, and no setting of paths."""
    change.edit("pyproject.toml", 'paths = ["specs", "more"]\n', "")
    (change.root / "more").rename(change.root / "docs_specs")
    (change.root / "docs").mkdir()
    (change.root / "docs_specs").rename(change.root / "docs/specs")
    change.commit(day=OLD)
    change.git("tag", "-f", "base")


def test_default_folder_that_is_removed_is_missed(change: Change) -> None:
    defaults(change)
    assert change.errors() == []
    shutil.rmtree(change.root / "specs")
    assert {item.rule for item in change.errors()} == {"SG020"}


def test_default_folder_that_becomes_a_link_is_missed(change: Change) -> None:
    defaults(change)
    (change.root / "docs/specs").rename(change.root / "elsewhere")
    (change.root / "docs/specs").symlink_to("../elsewhere")
    (found,) = change.errors()
    assert (found.rule, found.path) == ("SG021", "docs/specs")
    assert "from docs/specs/more.md to a symbolic link" in found.message


def test_finding_names_what_is_loosened_from_and_to_and_where(change: Change) -> None:
    change.settings_with("max_age_days = 9999\n")
    (found,) = change.errors()
    assert str(found) == "pyproject.toml:2: SG021 loosens the setting max_age_days: from 30 to 9999"


def test_what_the_change_tightens_counts_at_once(change: Change) -> None:
    change.settings_with("max_age_days = 5\n")
    assert {item.rule for item in change.errors()} == {"SG005"}


def test_override_of_the_base_allows_a_loosening(change: Change) -> None:
    change.write("tasks/overrides.yaml", OVERRIDE + override("SG021", "pyproject.toml"))
    change.commit()
    change.git("tag", "-f", "base")
    change.settings_with("max_age_days = 60\n")
    assert change.errors() == []


def test_override_of_the_base_allows_a_draft(change: Change) -> None:
    change.write("tasks/overrides.yaml", OVERRIDE + override("SG021", "cache"))
    change.commit()
    change.git("tag", "-f", "base")
    status_draft(change)
    assert change.errors() == []


@pytest.mark.parametrize("spec", ["*.toml", "**", "p*"])
def test_override_of_a_loosening_names_its_file(change: Change, spec: str) -> None:
    change.write("tasks/overrides.yaml", OVERRIDE + override("SG021", spec))
    change.commit()
    change.git("tag", "-f", "base")
    change.settings_with("max_age_days = 60\n")
    assert {item.rule for item in change.errors()} == {"SG019", "SG021"}


def test_override_that_an_approver_adds_counts(change: Change) -> None:
    change.change_code()
    change.commit()
    change.write("tasks/overrides.yaml", OVERRIDE + override("SG007", "cache", "bob"))
    change.commit_as("Bob")
    assert change.errors() == []


def test_override_may_be_squashed_where_approvals_may(change: Change) -> None:
    change.edit("pyproject.toml", "roles =", "own_commit = false\nroles =")
    change.commit()
    change.git("tag", "-f", "base")
    change.change_code()
    change.write("tasks/overrides.yaml", OVERRIDE + override("SG007", "cache", "bob"))
    change.commit()
    assert change.errors() == []


def test_spec_may_be_split_while_its_requirements_stay(change: Change) -> None:
    change.edit("specs/cache.md", "evidence: required\n", "")
    change.commit()
    change.git("tag", "-f", "base")
    (change.root / "specs/cache.md").unlink()
    change.spec("memory", ["src/cache.py"], reviewed=OLD, body=f"In memory.\n\n{BODY}", status="draft")
    change.spec("disk", ["src/cache.py"], reviewed=OLD, body="On disk.", status="draft")
    assert {item.message.partition(":")[0] for item in change.errors() if item.rule == "SG021"} == {
        "loosens the status"
    }


def test_project_that_was_not_guarded_may_choose_its_settings(tmp_path: Path) -> None:
    project = Change(tmp_path)
    project.write("README.md", "A project.")
    project.write("docs/specs/plain.md", "No front matter.")
    project.commit()
    project.git("tag", "base")
    project.write("pyproject.toml", f'{TABLE}paths = ["specs"]\nmax_age_days = 90\nwarn_days = 0\n')
    project.spec("a", reviewed=OLD)
    assert project.errors() == []


def test_everything_counts_before_the_first_commit(tmp_path: Path) -> None:
    project = Change(tmp_path)
    project.write("pyproject.toml", f'{TABLE}paths = ["specs"]\nmax_age_days = 90\n')
    project.write("tasks/overrides.yaml", OVERRIDE + override("SG005", "a"))
    project.spec("a", reviewed=date(2020, 1, 1))
    project.spec("b", reviewed=OLD)
    assert project.errors(base=None) == []


def test_project_in_a_folder_of_its_repository_is_judged_by_its_own_base(change: Change) -> None:
    (change.root / "sub").mkdir()
    for name in ("pyproject.toml", "specs", "more", "src", "tasks"):
        change.git("mv", name, f"sub/{name}")
    change.commit()
    change.git("tag", "-f", "base")
    inner = Change.__new__(Change)
    inner.root = change.root / "sub"
    inner.settings_with("max_age_days = 9999\n")
    assert "SG021" in {item.rule for item in inner.errors()}


def test_command_says_it_too_and_a_typed_limit_counts(change: Change) -> None:
    change.settings_with("max_age_days = 9999\n")
    result = run(change.root, "spec", "check", "--base=base", f"--today={TODAY}", code=1)
    assert result.stdout.startswith("pyproject.toml:2: SG021 loosens the setting max_age_days: from 30 to 9999\n")
    result = run(change.root, "spec", "check", "--base=base", f"--today={TODAY}", "--max-age=2", code=1)
    assert "SG005" in result.stdout

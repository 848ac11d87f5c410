"""`CODEOWNERS` names the owners of specs that name none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pytest_orchestrator.spec_guard.document.code_owners import PLACES, parse_code_owners
from tests.cli.command_line import run
from tests.spec_guard.project import TODAY, Project

_LINES = b"""\
# everything
*            @ann  # who else
*.mdx        @org/docs doc@example.org
/build/logs/ @ben
docs/*       @cid
apps/        @dot
**/deep      @eve
/apps/github
[ab].md      @never
!x.md        @never
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("a.md", ("ann",)),
        ("x/y/a.md", ("ann",)),
        ("x/a.mdx", ("org/docs", "doc@example.org")),
        ("build/logs/x/a.md", ("ben",)),
        ("x/build/logs/a.md", ("ann",)),
        ("docs/a.md", ("cid",)),
        ("docs/x/a.md", ("ann",)),  # GitHub: docs/* does not reach into folders
        ("x/docs/a.md", ("ann",)),
        ("x/apps/y/a.md", ("dot",)),
        ("x/deep/y/a.md", ("eve",)),
        ("apps/github/a.md", ()),  # a line without owners
        ("x.md", ("ann",)),
    ],
)
def test_last_line_that_matches_counts(path: str, owners: tuple[str, ...]) -> None:
    assert parse_code_owners(_LINES).of(path) == owners


def _unowned(project: Project, name: str = "a") -> None:
    path = project.root / project.spec(name)
    path.write_text(path.read_text().replace("owners: [ann]\n", ""))


@pytest.mark.parametrize("place", PLACES)
def test_spec_without_owners_has_those_of_codeowners(project: Project, place: str) -> None:
    _unowned(project)
    project.commit()
    assert project.found() == ["SG002 specs/a.md"]
    project.write(place, "specs/ @Ben\n")
    assert project.found() == []
    assert "specs/a.md" in run(project.root, "spec", "list", "--owner=ben", code=0).stdout
    run(project.root, "spec", "review", "specs/a.md", "--by=ben", "--today=2020-11-20", code=0)


def test_owners_in_the_spec_win_and_the_first_place_counts(project: Project) -> None:
    project.spec("own")
    _unowned(project, "other")
    project.write("CODEOWNERS", "* @second\n")
    project.write(".github/CODEOWNERS", "* @first\n")
    listed = run(project.root, "spec", "list", code=0).stdout
    assert [line.split()[2] for line in listed.splitlines()[2:]] == ["first", "ann"]


@pytest.mark.parametrize("place", [".github/CODEOWNERS", "CODEOWNERS"])
def test_change_can_not_appoint_its_own_reviewer(project: Project, place: str) -> None:
    _unowned(project)
    project.write("CODEOWNERS", "* @ben\n")
    project.commit(day=TODAY - timedelta(days=5))
    project.write(place, "* @mallory\n")
    refused = run(project.root, "spec", "review", "specs/a.md", "--by=mallory", "--today=2020-11-20", code=2)
    assert "'mallory' is not an owner of specs/a.md" in refused.stderr
    run(project.root, "spec", "review", "specs/a.md", "--by=ben", "--today=2020-11-20", code=0)


def test_codeowners_that_the_change_deletes_leaves_specs_without_owners(project: Project) -> None:
    _unowned(project)
    project.write("CODEOWNERS", "* @ben\n")
    project.commit()
    (project.root / "CODEOWNERS").unlink()
    assert project.found() == ["SG002 specs/a.md"]

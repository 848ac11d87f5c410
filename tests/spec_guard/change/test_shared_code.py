"""`covers_mode: any`: one of several specs answers for code that they share."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.spec_guard.project import TODAY, Project

OLD = TODAY - timedelta(days=10)
HOT = "src/prompts.py"


def share(project: Project, name: str, mode: str = "any", *, covers: str = HOT, body: str = "What it does.") -> str:
    path = project.spec(name, [covers], body=body)
    text = (project.root / path).read_text()
    return str(project.write(path, text.replace("covers:", f"covers_mode: {mode}\ncovers:")).relative_to(project.root))


@pytest.fixture
def hot(project: Project) -> Project:
    """A file that three specs share."""
    project.with_all_rules()
    project.write(HOT, "A = 1\n")
    for name in ("a", "b", "c"):
        share(project, name)
    project.commit(day=OLD)
    project.write(HOT, "A = 2\n")
    return project


def blocked(project: Project) -> list[str]:
    return [item for item in project.found(base="HEAD") if item.startswith("SG007")]


def test_first_spec_reports_for_all_when_none_answers(hot: Project) -> None:
    (found,) = [item for item in hot.check(base="HEAD").diagnostics if item.rule == "SG007"]
    assert found.path == "specs/a.md"
    assert "specs/a.md, specs/b.md, specs/c.md" in found.message


def test_one_of_the_specs_answers_then_and_later(hot: Project) -> None:
    path = share(hot, "b", body="What it does now.")
    hot.write(path, (hot.root / path).read_text().replace(str(OLD), str(TODAY)))
    assert hot.found(base="HEAD") == []
    hot.commit()
    assert hot.found() == []  # SG011 neither: the review of b saw the present code
    hot.write(HOT, "A = 3\n")
    hot.commit(day=TODAY + timedelta(days=1))
    assert [item for item in hot.found() if item.startswith("SG011")] == [
        f"SG011? specs/{name}.md" for name in ("a", "b", "c")
    ]


def test_spec_that_does_not_share_must_still_be_updated(hot: Project) -> None:
    hot.git("stash", "-q")
    share(hot, "b", "all")
    hot.commit(day=OLD)
    hot.git("stash", "pop", "-q")
    share(hot, "c", body="What it does now.")
    assert blocked(hot) == ["SG007 specs/b.md"]


@pytest.mark.parametrize("cheat", ["new spec", "new cover", "new mode", "retired"])
def test_change_that_needs_it_can_not_begin_it(hot: Project, cheat: str) -> None:
    expected = ["SG007 specs/a.md"]
    match cheat:
        case "new spec":
            share(hot, "z", body="Whatever.")
        case "new cover":
            hot.git("stash", "-q")
            hot.write("src/other.py", "")
            share(hot, "z", covers="src/other.py")
            hot.commit(day=OLD)
            hot.git("stash", "pop", "-q")
            share(hot, "z", covers=HOT, body="Other words.")
        case "new mode":
            hot.git("stash", "-q")
            share(hot, "a", "all")
            hot.commit(day=OLD)
            hot.git("stash", "pop", "-q")
            share(hot, "a", "any")
            share(hot, "b", body="What it does now.")
        case _:
            text = (hot.root / "specs/b.md").read_text()
            hot.write("specs/b.md", text.replace("approved", "retired").replace("What", "All"))
    assert blocked(hot) == expected

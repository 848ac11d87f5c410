"""Covered code that the working tree does not show as a plain file: not checked out, behind a link, a submodule."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.spec_guard.project import TODAY, Project


@pytest.fixture
def covered(project: Project) -> Project:
    project.with_all_rules()
    project.write("lib/real.py", "def one():\n    return 1\n\n\ndef two():\n    return 2\n")
    project.write("other/x.py", "x = 1\n")
    return project


def commit(project: Project) -> None:
    project.commit()
    project.git("tag", "-f", "base")


def test_sparse_checkout_is_judged_as_a_whole_one(covered: Project) -> None:
    covered.spec("a", ["lib/real.py", "lib/real.py::two"], reviewed=TODAY)
    covered.spec("b", ["other/"], reviewed=TODAY)
    commit(covered)
    covered.write("lib/real.py", "def one():\n    return 1\n\n\ndef two():\n    return 3\n")
    covered.commit()
    whole = covered.found(base="base")
    assert "SG007 specs/a.md" in whole
    covered.git("sparse-checkout", "set", "--no-cone", "/other/")
    assert not (covered.root / "lib").exists()
    assert not (covered.root / "specs").exists()
    assert covered.found(base="base", paths=None) == whole
    covered.git("sparse-checkout", "set", "--no-cone", "/specs/b.md")
    assert covered.found(base="base") == whole


@pytest.mark.parametrize(
    ("link", "target", "covers"),
    [
        ("src/linked.py", "../lib/real.py", "src/linked.py"),
        ("src/linked.py", "../lib/real.py", "src/linked.py::two"),
        ("src/linked.py", "../lib/real.py", "src/*.py"),
        ("src/lib", "../lib", "src/lib/"),
        ("src/lib", "../lib", "src/lib"),
        ("src/lib", "../lib", "src/lib/real.py"),
        ("src/lib", "../lib", "src/**/*.py"),
    ],
)
def test_code_behind_a_link_is_covered_code(covered: Project, link: str, target: str, covers: str) -> None:
    where = covered.root / link
    where.parent.mkdir()
    where.symlink_to(target)
    covered.spec("a", [covers], reviewed=TODAY)
    commit(covered)
    assert covered.found(base="base") == []
    covered.write("lib/real.py", "def one():\n    return 1\n\n\ndef two():\n    return 3\n")
    (found,) = [item for item in covered.check(base="base").errors if item.rule == "SG007"]
    assert found.message.startswith("lib/real.py changed")
    covered.git("checkout", "-q", "lib")
    where.unlink()
    where.symlink_to("../other/x.py" if link.endswith(".py") else "../other")
    assert "SG007 specs/a.md" in covered.found(base="base")


@pytest.mark.parametrize("target", ["/etc/passwd", "../../outside.py", "itself.py", "..", "."])
def test_link_that_leads_nowhere_is_what_it_says(covered: Project, tmp_path: Path, target: str) -> None:
    (tmp_path / "outside.py").write_text("x = 1\n")
    (covered.root / "src").mkdir()
    (covered.root / "src/itself.py").symlink_to(target)
    covered.spec("a", ["src/itself.py"], reviewed=TODAY)
    commit(covered)
    assert covered.found(base="base") == []


@pytest.mark.parametrize("covers", ["src/vendored", "src/", "src/vendored/inner.py"])
def test_commit_of_a_submodule_is_its_content(covered: Project, tmp_path: Path, covers: str) -> None:
    other = tmp_path / "other"
    other.mkdir()
    inner = Project(other)
    inner.write("inner.py", "x = 1\n")
    inner.commit()
    covered.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "src/vendored")
    covered.spec("a", [covers], reviewed=TODAY)
    commit(covered)
    before = {item.rule for item in covered.check(base="base").errors}
    covered.git("-C", "src/vendored", "commit", "-q", "--allow-empty", "-m", "x")
    covered.commit()
    assert {item.rule for item in covered.check(base="base").errors} - before == {"SG007"}


def test_review_of_a_submodule_is_of_its_commit(covered: Project, tmp_path: Path) -> None:
    from pytest_orchestrator.spec_guard.coverage.anchors import parse_anchor
    from tests.spec_guard.loosening import Change

    other = tmp_path / "other"
    other.mkdir()
    Project(other).commit()
    covered.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "src/vendored")
    commit(covered)

    def digest() -> str | None:
        return Change(covered.root).guarded().snapshot.digest(parse_anchor("src/vendored"))

    before = digest()
    covered.git("-C", "src/vendored", "commit", "-q", "--allow-empty", "-m", "x")
    covered.commit()
    assert before != digest()

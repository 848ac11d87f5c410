"""SG020: code that a change leaves without its spec, and what is no such thing."""

from __future__ import annotations

import pytest

from tests.spec_guard.project import TODAY, Project


@pytest.fixture
def covered(project: Project) -> Project:
    """Two specs: one over a module and a function of another, one over nothing."""
    project.with_all_rules()
    project.write("src/cache.py", "LIMIT = 10\n")
    project.write("src/store.py", "def run():\n    return 1\n\n\ndef stop():\n    return 2\n")
    project.spec("cache", ["src/cache.py", "src/store.py::run"])
    project.spec("other")
    project.commit()
    return project


def found(project: Project, **settings: object) -> list[str]:
    report = project.check(**settings)  # type: ignore[arg-type]  # tests spell settings as they are
    return [f"{item.severity}: {item.message}" for item in report.diagnostics if item.rule == "SG020"]


def retire(project: Project) -> None:
    project.spec("cache", ["src/cache.py", "src/store.py::run"], status="retired", reviewed=TODAY)


def test_what_is_left_is_named(covered: Project) -> None:
    retire(covered)
    (message,) = found(covered)
    assert message.startswith("error: is retired, but src/cache.py, src/store.py::run, which it covered, still exists")


def test_code_that_goes_with_its_spec_is_not_left(covered: Project) -> None:
    retire(covered)
    (covered.root / "src/cache.py").unlink()
    covered.write("src/store.py", "def stop():\n    return 2\n")
    assert found(covered) == []


def test_code_that_another_spec_takes_over_is_not_left(covered: Project) -> None:
    retire(covered)
    covered.spec("other", ["src/*.py"], reviewed=TODAY)
    assert found(covered) == []


def test_spec_that_moves_leaves_nothing(covered: Project) -> None:
    covered.git("mv", "specs/cache.md", "specs/renamed.md")
    assert found(covered) == []


def test_file_that_is_renamed_with_its_entry_is_not_left(covered: Project) -> None:
    covered.git("mv", "src/cache.py", "src/memory.py")
    covered.spec("cache", ["src/memory.py", "src/store.py::run"], reviewed=TODAY)
    assert found(covered) == []


def test_spec_that_was_retired_before_may_go(covered: Project) -> None:
    retire(covered)
    covered.commit()
    (covered.root / "specs/cache.md").unlink()
    assert found(covered) == []


def test_covering_less_is_an_error(covered: Project) -> None:
    covered.spec("cache", ["src/store.py"], reviewed=TODAY)
    assert found(covered) == ["error: no longer covers src/cache.py, and no other spec does"]


def test_deleting_is_reported_once(covered: Project) -> None:
    (covered.root / "specs/cache.md").unlink()
    (message,) = found(covered)
    assert message.startswith("error: is deleted, but src/cache.py, src/store.py::run")


def test_another_person_can_approve(covered: Project) -> None:
    covered.write(
        "tasks/overrides.yaml",
        "schema: pytest-orchestrator/overrides/1\noverrides:\n- rule: SG020\n  spec: cache\n"
        f"  reason: nobody needs a promise about it\n  owner: ann\n  approved_by: bob\n  expires: {TODAY}\n",
    )
    covered.commit()
    retire(covered)
    (message,) = found(covered)
    assert message.startswith("warning: is retired")

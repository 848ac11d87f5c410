"""This project's own specs: sound on any date. Whether they are fresh is for the workflow to say, not for the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_orchestrator.spec_guard.coverage.anchors import parse_anchor
from pytest_orchestrator.spec_guard.coverage.snapshot import Snapshot
from pytest_orchestrator.spec_guard.document.links import dead_links
from pytest_orchestrator.spec_guard.document.requirements.reading import find_requirements
from pytest_orchestrator.spec_guard.document.spec import parse
from pytest_orchestrator.spec_guard.reviews.ledger import parse_reviews

ROOT = Path(__file__).parents[2]
SPECS = sorted((ROOT / "docs/specs").glob("*.md"))
_CODE = [path.relative_to(ROOT).as_posix() for path in (ROOT / "pytest_orchestrator").rglob("*.py")]


def test_every_room_of_the_design_has_a_spec() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SPECS)
    rooms = {path.parent.name for path in (ROOT / "pytest_orchestrator").glob("*/__init__.py")}
    assert {room for room in rooms if f"pytest_orchestrator/{room}/" not in text} == set()


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_spec_is_whole_and_points_at_code_that_is_there(path: Path) -> None:
    spec = parse(path.read_bytes(), path=f"docs/specs/{path.name}")
    assert spec.problems == ()
    assert spec.declaration is not None
    assert spec.declaration.id == path.stem
    snapshot = Snapshot(ROOT, files=_CODE, dirty=())
    assert [text for text in spec.declaration.covers if snapshot.digest(parse_anchor(text)) is None] == []
    assert len(find_requirements(spec.body)) >= 1

    def read(name: str) -> str | None:
        return (ROOT / name).read_text(encoding="utf-8") if (ROOT / name).is_file() else None

    assert list(dead_links(spec, ids=[other.stem for other in SPECS], read=read)) == []


def test_every_spec_has_a_recorded_review() -> None:
    text = (ROOT / "tasks/reviews.jsonl").read_text(encoding="utf-8")
    assert {path.stem for path in SPECS} <= parse_reviews(text, path="tasks/reviews.jsonl").latest.keys()

"""When a change counts as made. A program that watches is in `tests/cli/test_patterns_watch.py`."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_orchestrator.commands.patterns.watch import Watch

Steps = list[Callable[[], object]]


def test_files_that_are_being_written_are_waited_for(
    tmp_path: Path, write_pattern: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_pattern(tmp_path / "patterns", "one", code="x = 1\n")
    code, readme = folder / "pattern.py", folder / "README.md"
    watch = Watch(tmp_path, ["one"])
    saving: Steps = [
        lambda: code.write_text(""),
        lambda: code.write_text("x = 2\nrest"),
        lambda: (code.write_text("x = 2\nrest = 3\n"), readme.write_text("# Why not\n")),
        lambda: None,
    ]
    monkeypatch.setattr(time, "sleep", lambda _: saving.pop(0)())

    assert watch.wait() == ("patterns/one/README.md", "patterns/one/pattern.py")
    assert not saving


def test_a_change_that_is_undone_is_no_change(
    tmp_path: Path, write_pattern: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_pattern(tmp_path / "patterns", "one", code="x = 1\n")
    watch = Watch(tmp_path, ["one"])
    draft, metadata = folder / "draft.py", folder / "pattern.yaml"
    saving: Steps = [draft.touch, draft.unlink, lambda: metadata.write_text("id: one\n"), lambda: None]
    monkeypatch.setattr(time, "sleep", lambda _: saving.pop(0)())

    assert watch.wait() == ("patterns/one/pattern.yaml",)

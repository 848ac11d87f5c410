"""The pins that we ship, where they are in the user's store or an index can be reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_orchestrator.errors import FixtureError
from pytest_orchestrator.fixture_store.fetch import fetch
from pytest_orchestrator.fixture_store.lock import load_pins
from pytest_orchestrator.fixture_store.store import default_store


def test_shipped_pins_check_out_as_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # the person's own pip configuration
    store = default_store()
    for pin in load_pins(tmp_path).values():
        try:
            fetch(pin, store)
        except FixtureError as error:
            if "the lock says" in error.message:
                raise
            pytest.skip(f"no index within reach: {error.message}")

        assert store.problems(pin) == ()
        checkout = store.checkout(pin, tmp_path / pin.name)
        assert store.snapshot(checkout).tree == pin.tree
        files = [path for path in checkout.root.rglob("*") if path.is_file()]
        assert len(files) == pin.files
        assert sum(path.suffix == ".py" for path in files) == pin.python_files

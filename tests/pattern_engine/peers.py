"""Real code for comparisons with the tools that patterns come from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pytest_orchestrator.fixture_store.lock import load_pins
from pytest_orchestrator.fixture_store.store import default_store

ROOT = Path(__file__).resolve().parents[2]
ALL_PINS = os.environ.get("PYTEST_ORCHESTRATOR_TEST_PINS") == "all"
SMALL_PINS = ("itsdangerous", "click", "attrs", "cookiecutter")
PINS = tuple(sorted(load_pins(ROOT))) if ALL_PINS else SMALL_PINS


def files_of(pin: str, folder: Path) -> Iterator[tuple[Path, str, bytes]]:
    """Each Python file of a pin that is in the store: the root, its path in it, and its bytes."""
    pins, store = load_pins(ROOT), default_store()
    if store.has(pins[pin]):
        root = folder / pin
        if not root.is_dir():
            store.checkout(pins[pin], root)
        for path in sorted(root.rglob("*.py")):
            yield root, path.relative_to(root).as_posix(), path.read_bytes()

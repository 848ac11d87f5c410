"""The pins that tests run on, as far as they are in the store."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from pytest_orchestrator.fixture_store.lock import load_pins
from pytest_orchestrator.fixture_store.pin import Pin
from pytest_orchestrator.fixture_store.store import default_store

ROOT = Path(__file__).resolve().parents[1]
ALL_PINS = os.environ.get("PYTEST_ORCHESTRATOR_TEST_PINS") == "all"
SMALL_PINS = ("itsdangerous", "click", "attrs")


def stored(names: Iterable[str]) -> Mapping[str, Pin]:
    """The pins of these names; the test is skipped when one of them is not in the store."""
    pins, store = load_pins(ROOT), default_store()
    found = {name: pins[name] for name in names}
    for name, pin in found.items():
        if not store.has(pin):
            pytest.skip(f"{name} is not in the store: pytest-orchestrator fixtures fetch {name}")
    return found

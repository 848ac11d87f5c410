"""Which pins a project can use, and which of them are here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.commands.extensions import command_line_manager, fixture_locks
from pytest_orchestrator.fixture_store.lock import get_pin, load_pins
from pytest_orchestrator.fixture_store.pin import Pin, SdistPin
from pytest_orchestrator.fixture_store.store import Store


@dataclass(frozen=True, kw_only=True)
class FixtureRow:
    """One line of `fixtures list`."""

    name: str
    version: str
    kind: str
    files: int
    python_files: int
    size: int | None
    """Of the archive, in bytes; a git pin has none."""
    licence: str
    in_store: bool


def list_fixtures(root: Path, store: Store) -> tuple[FixtureRow, ...]:
    """A row for each pin that the project in `root` can use, in the order of the lock files.

    Raises:
        InputError: a lock file can't be used.
    """
    return tuple(
        FixtureRow(
            name=pin.name,
            version=pin.version,
            kind=pin.kind,
            files=pin.files,
            python_files=pin.python_files,
            size=pin.size if isinstance(pin, SdistPin) else None,
            licence=pin.licence,
            in_store=store.has(pin),
        )
        for pin in chosen_pins(root, ())
    )


def chosen_pins(root: Path, names: Sequence[str]) -> tuple[Pin, ...]:
    """The pins called `names`, each once; every pin when none is named.

    Raises:
        InputError: a lock file can't be used.
        FixtureError: no pin has a name of these.
    """
    pins = load_pins(root, fixture_locks(command_line_manager()))
    return tuple(get_pin(pins, name) for name in dict.fromkeys(names)) if names else tuple(pins.values())

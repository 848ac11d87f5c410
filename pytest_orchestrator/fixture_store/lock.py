"""Lock files: reading the pins of a project, and finding one by its name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from pytest_orchestrator.codec.decode import decode
from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.codec.yaml import load_yaml
from pytest_orchestrator.display import relative_name
from pytest_orchestrator.errors import FixtureError, InputError
from pytest_orchestrator.files import read_text, shipped_path
from pytest_orchestrator.fixture_store.pin import LockFile, Pin

LOCK_FILE = "fixtures/fixtures.lock.yaml"
_MAX_BYTES = 1 << 20


def lock_files(root: Path, extra: Iterable[Path] = ()) -> tuple[Path, ...]:
    """The lock files of the project in `root`: its own, then `extra`, then the shipped one."""
    # A file that exists and can't be read is an error later, not a reason to use other pins.
    existing = [path.resolve() for path in (root / LOCK_FILE, *extra, shipped_path(LOCK_FILE)) if os.path.lexists(path)]
    return tuple(dict.fromkeys(existing))


def load_pins(root: Path, extra: Iterable[Path] = ()) -> Mapping[str, Pin]:
    """Every pin by its name; a name in an earlier lock file overrides the same name in a later one.

    Raises:
        InputError: a lock file is malformed, or has a name twice; with file and line.
    """
    pins: dict[str, Pin] = {}
    for path in lock_files(root, extra):
        for pin in read_lock(path, display_path=relative_name(path, root.resolve())):
            pins.setdefault(pin.name, pin)
    return pins


def read_lock(path: Path, *, display_path: str) -> tuple[Pin, ...]:
    """The pins of one lock file; `display_path` is its name in messages.

    Raises:
        InputError: as for `load_pins`.
    """
    document = load_yaml(
        read_text(path, max_bytes=_MAX_BYTES, display_path=display_path),
        path=display_path,
    )
    lock = decode(LockFile, document, path=display_path)
    first: dict[str, int] = {}
    for index, pin in enumerate(lock.pins):
        line = document.line(("pins", index, "name"))
        if pin.name in first:
            raise InputError(
                f"pins {pin.name!r} twice (first on line {first[pin.name]})",
                path=display_path,
                line=line,
                fix="give one of the pins another name, or remove it",
            )
        first[pin.name] = line
    return lock.pins


def get_pin(pins: Mapping[str, Pin], name: str) -> Pin:
    """The pin called `name`.

    Raises:
        FixtureError: there is none; the message suggests a similar name.
    """
    if name not in pins:
        raise FixtureError(
            f"there is no pin {name!r}: {did_you_mean(name, pins)}",
            fix=f"correct the name, or pin it in {LOCK_FILE}",
        )
    return pins[name]

"""Lock files: reading the pins of a project, and finding one by its name."""

from __future__ import annotations

import os
from collections import Counter
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
    """Every pin by its name; of a package with several versions by `NAME==VERSION`.

    A name in an earlier lock file overrides the same name in a later one.

    Raises:
        InputError: a lock file is malformed, or has a version twice; with file and line.
    """
    pins: dict[str, Pin] = {}
    names: set[str] = set()
    for path in lock_files(root, extra):
        found = [
            pin for pin in read_lock(path, display_path=relative_name(path, root.resolve())) if pin.name not in names
        ]
        versions = Counter(pin.name for pin in found)
        names.update(versions)
        pins.update((_key(pin) if versions[pin.name] > 1 else pin.name, pin) for pin in found)
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
        if _key(pin) in first:
            raise InputError(
                f"pins {pin} twice (first on line {first[_key(pin)]})",
                path=display_path,
                line=line,
                fix="give one of the pins another name, or remove it",
            )
        first[_key(pin)] = line
    return lock.pins


def get_pin(pins: Mapping[str, Pin], name: str) -> Pin:
    """The pin called `name`, or `NAME==VERSION`.

    Raises:
        FixtureError: there is none, and the message suggests a similar name; or there are several versions.
    """
    if name in pins:
        return pins[name]
    plain, _, version = name.partition("==")
    if plain in pins and pins[plain].version == version:
        return pins[plain]
    versions = [key for key in pins if key.startswith(f"{name}==")]
    if versions:
        raise FixtureError(f"{name!r} is pinned in several versions", fix=f"name one: {', '.join(versions)}")
    raise FixtureError(
        f"there is no pin {name!r}: {did_you_mean(name, pins)}",
        fix=f"correct the name, or pin it in {LOCK_FILE}",
    )


def _key(pin: Pin) -> str:
    return f"{pin.name}=={pin.version}"

"""Pinning a version of a package: find its source archive, fetch it, and write what it is into the lock file."""

from __future__ import annotations

import email.parser
import hashlib
import json
from dataclasses import fields
from pathlib import Path

from pytest_orchestrator.codec.decode import decode
from pytest_orchestrator.codec.yaml import load_yaml
from pytest_orchestrator.errors import FixtureError, InputError, require_package
from pytest_orchestrator.files import write_atomic
from pytest_orchestrator.fixture_store.download import download_unknown
from pytest_orchestrator.fixture_store.fetch import archive_tree
from pytest_orchestrator.fixture_store.index import find_sdists, open_client
from pytest_orchestrator.fixture_store.index_settings import read_index_settings
from pytest_orchestrator.fixture_store.lock import LOCK_FILE, read_lock
from pytest_orchestrator.fixture_store.pin import LockFile, SdistPin
from pytest_orchestrator.fixture_store.store import Store
from pytest_orchestrator.fixture_store.unpack import unpack
from pytest_orchestrator.git.remote import Progress

_HEAD = "schema: pytest-orchestrator/fixtures-lock/1\npins:\n"
_TEXT = frozenset({"sha256", "tree", "version"})


def add_pin(  # noqa: PLR0913 - what the command takes
    root: Path, store: Store, name: str, version: str, *, licence: str, index_url: str | None, progress: Progress
) -> SdistPin:
    """Pin a version in the lock file of the project in `root`, and put it into the store. Nothing of it is run.

    `licence` is an SPDX expression; empty: the one that the archive's metadata declare.

    Raises:
        FixtureError: no source has one source archive of this version, or it is refused, or it declares no licence.
        InputError: the lock file can't be used, or has the version already.
    """
    require_package("unearth", extra="evaluate")
    lock = root / LOCK_FILE
    known = read_lock(lock, display_path=LOCK_FILE) if lock.exists() else ()
    if any((pin.name, pin.version) == (name, version) for pin in known):
        raise InputError(f"pins {name} {version} already", path=LOCK_FILE, fix="name another version")
    store.prepare()
    with store.temporary_directory() as temporary:
        archive, filename = _downloaded(name, version, temporary, index_url, progress)
        data = archive.read_bytes()
        tree, objects = archive_tree(archive, filename, temporary)
        contents = store.contents(tree, objects=objects)
        pin = SdistPin(
            name=name,
            version=version,
            filename=filename,
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            tree=tree,
            files=contents.files,
            python_files=contents.python_files,
            licence=licence or _licence(archive, filename, f"{name} {version}"),
        )
        text = _with_pin(lock, pin)
        store.install(pin, objects)
    lock.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(lock, text.encode())
    return pin


def _downloaded(name: str, version: str, folder: Path, index_url: str | None, progress: Progress) -> tuple[Path, str]:
    """The version's one source archive, and its published name."""
    with open_client(read_index_settings(index_url=index_url)) as (client, warnings):
        offers, problems = find_sdists(name, version, read_index_settings(index_url=index_url), client, warnings)
        if not offers:
            why = "; ".join(problems) or "pip's configuration names no index and no folder to search"
            raise FixtureError(f"{name} {version} can't be pinned: {why}", fix="correct the name or the version")
        filename, url = offers[0]
        archive = folder / "archive"
        download_unknown(url, archive, client, progress)
    return archive, filename


def _licence(archive: Path, filename: str, shown: str) -> str:
    """The SPDX expression in the metadata (PEP 639)."""
    for file in unpack(archive, filename=filename):
        if file.path == "PKG-INFO":
            headers = email.parser.BytesHeaderParser().parsebytes(file.data)
            if expression := str(headers.get("License-Expression", "")).strip():
                return expression
    raise FixtureError(
        f"{shown} declares no SPDX expression of its licence", fix="read its licence, and name it with --licence"
    )


def _with_pin(lock: Path, pin: SdistPin) -> str:
    """The text of the lock file with the pin at its end; the rest stays as it is."""
    before = lock.read_text(encoding="utf-8") if lock.exists() else _HEAD
    entry = "".join(
        f"{'  - ' if number == 0 else '    '}{field.name}: {_value(field.name, getattr(pin, field.name))}\n"
        for number, field in enumerate(fields(pin))
    )
    after = before + ("" if before.endswith("\n") else "\n") + entry
    try:
        pins = decode(LockFile, load_yaml(after, path=LOCK_FILE), path=LOCK_FILE).pins
    except InputError:
        pins = ()
    if pin not in pins:
        flow = ", ".join(entry.removeprefix("  - ").split("\n    ")).rstrip("\n")
        raise InputError("is not a list to whose end a pin can be added", path=LOCK_FILE, fix=f"add {{{flow}}} to it")
    return after


def _value(key: str, value: object) -> str:
    """A YAML scalar: quoted where it could be taken for a number."""
    return json.dumps(value) if key in _TEXT else str(value)

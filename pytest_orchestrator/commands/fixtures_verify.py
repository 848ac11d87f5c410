"""Whether what the store holds is, byte for byte, what the lock says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.commands.fixtures_list import chosen_pins
from pytest_orchestrator.fixture_store.store import Store


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What was found of one pin; no problems means that it is whole."""

    name: str
    version: str
    problems: tuple[str, ...]


def verify_fixtures(root: Path, names: Sequence[str], store: Store) -> Iterator[Verdict]:
    """Hash every byte of the pins called `names`, or of all, again.

    Raises:
        InputError: a lock file can't be used.
        FixtureError: no pin has a name of these, or git can't be run.
    """
    for pin in chosen_pins(root, names):
        yield Verdict(name=pin.name, version=pin.version, problems=store.problems(pin))

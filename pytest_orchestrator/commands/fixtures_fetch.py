"""Bringing pins into the store, one after the other; one that fails costs the others nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.commands.fixtures_list import chosen_pins
from pytest_orchestrator.errors import FixtureError
from pytest_orchestrator.fixture_store.contents import Contents
from pytest_orchestrator.fixture_store.fetch import fetch
from pytest_orchestrator.fixture_store.pin import Pin
from pytest_orchestrator.fixture_store.store import Store

Watch = Callable[[Pin, int, int | None], None]
"""Called with the pin, how much of it has come, and of how much, where somebody knows."""


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """The pin is in the store; `now` when it was brought in by this call."""

    pin: Pin
    now: bool
    contents: Contents


@dataclass(frozen=True, kw_only=True)
class NotFetched:
    """The pin could not be had."""

    pin: Pin
    error: FixtureError


def fetch_fixtures(
    root: Path, names: Sequence[str], store: Store, *, index_url: str | None = None, watch: Watch | None = None
) -> Iterator[Fetched | NotFetched]:
    """Fetch the pins called `names`, or all, yielding how each ended. A pin that is damaged is fetched anew.

    Raises:
        InputError: a lock file can't be used.
        FixtureError: no pin has a name of these.
    """
    for pin in chosen_pins(root, names):
        try:
            now = fetch(pin, store, index_url=index_url, progress=_progress(pin, watch), deep=True)
            yield Fetched(pin=pin, now=now, contents=store.contents(pin.tree))
        except FixtureError as error:
            yield NotFetched(pin=pin, error=error)


def _progress(pin: Pin, watch: Watch | None) -> Callable[[int, int | None], None] | None:
    return None if watch is None else lambda done, total: watch(pin, done, total)

"""The messages between the caller and a worker: frames of JSON and bytes.

No pickles: a worker runs other people's code, and what it writes must not be able to run anything here.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pytest_orchestrator.pattern_engine.foreign.rule_case import RuleCase
from pytest_orchestrator.pattern_engine.library.risky_regex import must_be_watched
from pytest_orchestrator.pattern_engine.pattern import Kind, PatternCall
from pytest_orchestrator.pattern_engine.results import Overlap, Reason, SparedLines
from pytest_orchestrator.pattern_engine.trigger import ALWAYS, Trigger
from pytest_orchestrator.records import Diagnostic

_HEADER = struct.Struct("!II")
MAX_FRAME_BYTES = 256 << 20


class NonsenseError(Exception):
    """The other side does not speak this language."""


@dataclass(frozen=True, kw_only=True)
class WireCall:
    """A pattern and its parameters, as a worker needs to know them."""

    id: str
    kind: Kind
    entry: str
    folder: str | None
    digest: str
    minimum_python: str
    parameters: Mapping[str, Any]
    trigger: Trigger = ALWAYS
    noqa: tuple[str, ...] = ()
    is_watched: bool = False
    """Whether looking for the trigger may take too long."""

    @staticmethod
    def of(call: PatternCall) -> WireCall:
        """`call` without what only people read."""
        pattern = call.pattern
        return WireCall(
            id=pattern.id,
            kind=pattern.kind,
            entry=pattern.entry,
            folder=None if pattern.folder is None else str(pattern.folder.resolve()),
            digest=pattern.digest,
            minimum_python=pattern.minimum_python,
            parameters=call.parameters,
            trigger=pattern.trigger,
            noqa=pattern.noqa,
            is_watched=must_be_watched(pattern),
        )


@dataclass(frozen=True, kw_only=True)
class Check:
    """To a worker: load these patterns."""

    kind: Literal["check"] = "check"
    calls: tuple[WireCall, ...]


@dataclass(frozen=True, kw_only=True)
class Learn:
    """To a worker: the next of the calls that `Examine` names by number, counted from 0. It is not answered."""

    kind: Literal["learn"] = "learn"
    call: WireCall


@dataclass(frozen=True, kw_only=True)
class Examine:
    """To a worker: run these patterns, linters first, on the file whose bytes come with the message."""

    kind: Literal["examine"] = "examine"
    path: str
    root: str
    calls: tuple[int, ...]
    """Numbers of calls that the worker has learnt. Replies name a call by its place in here."""
    every_file: bool = True
    """Whether to say of a file that can't be patterned that it can't, though no pattern has anything to do in it."""


@dataclass(frozen=True, kw_only=True)
class Illustrate:
    """To a worker: tell the examples of this Fixit rule."""

    kind: Literal["illustrate"] = "illustrate"
    call: WireCall


@dataclass(frozen=True, kw_only=True)
class Scan:
    """To a worker: say whether the call's trigger may match the bytes that come with the message."""

    kind: Literal["scan"] = "scan"
    call: WireCall


Request = Scan | Check | Learn | Examine | Illustrate


@dataclass(frozen=True, kw_only=True)
class Ready:
    """From a worker: it is up."""

    kind: Literal["ready"] = "ready"


@dataclass(frozen=True, kw_only=True)
class Begun:
    """From a worker: from now on its time is spent on this call; without a `call`, on parsing.

    `scans` says that it is spent on looking for the call's trigger.
    """

    kind: Literal["begun"] = "begun"
    call: int | None = None
    scans: bool = False


@dataclass(frozen=True, kw_only=True)
class Findings:
    """From a worker: the linter `call` is through."""

    kind: Literal["findings"] = "findings"
    call: int
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, kw_only=True)
class Failed:
    """From a worker: `call` came to nothing on this file; without a `call`, no pattern may touch the file."""

    kind: Literal["failed"] = "failed"
    call: int | None = None
    reason: Reason
    message: str
    line: int | None = None


@dataclass(frozen=True, kw_only=True)
class Unloadable:
    """From a worker: a pattern can't be loaded."""

    kind: Literal["unloadable"] = "unloadable"
    message: str
    fix: str


@dataclass(frozen=True, kw_only=True)
class Done:
    """From a worker: that was all. If `edited_by` names calls, the bytes that come along are the new file."""

    kind: Literal["done"] = "done"
    edited_by: tuple[int, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    spared: tuple[SparedLines, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Illustrated:
    """From a worker: the examples."""

    kind: Literal["illustrated"] = "illustrated"
    cases: tuple[RuleCase, ...]


@dataclass(frozen=True, kw_only=True)
class Scanned:
    """From a worker: what it was asked to look for may be there."""

    kind: Literal["scanned"] = "scanned"
    matches: bool


Reply = Scanned | Illustrated | Ready | Begun | Findings | Failed | Unloadable | Done


def pack(message: Any, blob: bytes = b"") -> bytes:
    """One frame: JSON-shaped data and bytes that go with it."""
    head = json.dumps(message, separators=(",", ":")).encode()
    return _HEADER.pack(len(head), len(blob)) + head + blob


class Unpacker:
    """Cuts a stream of bytes into frames."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[Any, bytes]]:
        """The frames that are complete with `data`.

        Raises:
            NonsenseError: the stream is no sequence of frames.
        """
        self._pending += data
        while len(self._pending) >= _HEADER.size:
            head_bytes, blob_bytes = _HEADER.unpack_from(self._pending)
            end = _HEADER.size + head_bytes + blob_bytes
            if end > MAX_FRAME_BYTES:
                raise NonsenseError
            if len(self._pending) < end:
                return
            head = bytes(self._pending[_HEADER.size : _HEADER.size + head_bytes])
            blob = bytes(self._pending[_HEADER.size + head_bytes : end])
            del self._pending[:end]
            try:
                yield json.loads(head), blob
            except ValueError as error:
                raise NonsenseError from error

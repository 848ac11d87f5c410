"""The messages between the caller, a worker and its pattern processes: frames of JSON and bytes.

No pickles: a pattern process runs foreign code, and its messages must not be able to run anything elsewhere. Each
question has a number that nobody can guess, and its answers carry it. So an answer that comes late, or that was written
before the question, is noticed.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from pytest_orchestrator.codec.decode import decode_json
from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.pattern_engine.pattern import Kind, PatternCall
from pytest_orchestrator.pattern_engine.results import Overlap, Reason, SuppressedLines
from pytest_orchestrator.pattern_engine.trigger import ALWAYS, Trigger

_QUESTION_BYTES = 16
_HEADER = struct.Struct(f"!II{_QUESTION_BYTES}s")
MAX_FRAME_BYTES = 256 << 20
NO_QUESTION = bytes(_QUESTION_BYTES)
"""The number of a message that is no question and no answer."""
FORGED = "wrote to the channel reserved for answers"
"""What a process did that sent something else than an answer to its question."""


class ProtocolError(Exception):
    """The bytes are no sequence of frames."""


@dataclass(frozen=True, kw_only=True)
class WireCall:
    """What a worker needs to know of a pattern and its parameters."""

    id: str
    kind: Kind
    entry: str
    folder: str | None
    origin: str
    """Which code may share a process with it: that of the same origin. It is empty for the code that is shipped."""
    digest: str
    minimum_python: str
    parameters: Mapping[str, Any]
    trigger: Trigger = ALWAYS
    noqa: tuple[str, ...] = ()

    @staticmethod
    def of(call: PatternCall, *, origin: str = "") -> WireCall:
        """`call` without titles, tags and the like."""
        pattern = call.pattern
        return WireCall(
            id=pattern.id,
            kind=pattern.kind,
            entry=pattern.entry,
            folder=None if pattern.folder is None else str(pattern.folder.resolve()),
            origin=origin,
            digest=pattern.digest,
            minimum_python=pattern.minimum_python,
            parameters=call.parameters,
            trigger=pattern.trigger,
            noqa=pattern.noqa,
        )


@dataclass(frozen=True, kw_only=True)
class Register:
    """To a worker: a call. Other requests name it by its number: calls are counted from 0. There is no reply."""

    kind: Literal["register"] = "register"
    call: WireCall


@dataclass(frozen=True, kw_only=True)
class Check:
    """To a worker: load the patterns of these calls."""

    kind: Literal["check"] = "check"
    calls: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Examine:
    """To a worker: run these calls, linters first, on the file whose bytes come with the message."""

    kind: Literal["examine"] = "examine"
    path: str
    root: str
    calls: tuple[int, ...]
    """Numbers of registered calls. `matching` and replies name a call by its index in here."""
    matching: tuple[int, ...]
    """The calls whose triggers match the file's bytes. The caller has searched for those that are quick on it."""
    every_file: bool = True
    """Whether to reject a file that no pattern can touch, even if no pattern has anything to do in it."""


@dataclass(frozen=True, kw_only=True)
class ListExamples:
    """To a worker: send the examples of this Fixit rule."""

    kind: Literal["list-examples"] = "list-examples"
    call: int


Request = Register | Check | Examine | ListExamples


@dataclass(frozen=True, kw_only=True)
class Ready:
    """From a worker: it has started."""

    kind: Literal["ready"] = "ready"


@dataclass(frozen=True, kw_only=True)
class Begun:
    """From a worker: it begins with this call; without a `call`, with parsing."""

    kind: Literal["begun"] = "begun"
    call: int | None = None
    is_search: bool = False
    """Whether it searches for the trigger of the call, which may be slow."""


@dataclass(frozen=True, kw_only=True)
class Findings:
    """From a worker: what the linter `call` found."""

    kind: Literal["findings"] = "findings"
    call: int
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, kw_only=True)
class Failed:
    """From a worker: `call` failed on this file; without a `call`, no pattern can touch the file."""

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
    """From a worker: the request is done. If `edited_by` names calls, the new file comes with the message."""

    kind: Literal["done"] = "done"
    edited_by: tuple[int, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    suppressed: tuple[SuppressedLines, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RuleCase:
    """One example of a Fixit rule; a field that is None is not checked."""

    name: str
    """`VALID-0`, `INVALID-3`: its list and its index in it."""
    code: str
    is_valid: bool
    range: Range | None = None
    message: str | None = None
    replacement: str | None = None


@dataclass(frozen=True, kw_only=True)
class Examples:
    """From a worker: the examples of a Fixit rule."""

    kind: Literal["examples"] = "examples"
    cases: tuple[RuleCase, ...]


Reply = Examples | Ready | Begun | Findings | Failed | Unloadable | Done


@dataclass(frozen=True, kw_only=True)
class Frame:
    """JSON-shaped data and bytes that go with it. `question` is the number of the question that it asks or answers."""

    message: Any
    blob: bytes
    question: bytes

    def answer_to(self, question: bytes) -> Reply:
        """The reply that it holds.

        Raises:
            ProtocolError: it answers another question.
            InputError: it holds no reply.
        """
        if self.question != question:
            raise ProtocolError
        return decode_json(cast("type[Reply]", Reply), self.message, path="reply")


def new_question() -> bytes:
    """A number for a question, which nobody can guess."""
    return os.urandom(_QUESTION_BYTES)


def pack(message: Any, blob: bytes = b"", *, question: bytes = NO_QUESTION) -> bytes:
    """The bytes of a frame."""
    head = json.dumps(message, separators=(",", ":")).encode()
    return _HEADER.pack(len(head), len(blob), question) + head + blob


class Unpacker:
    """Cuts a stream of bytes into frames."""

    def __init__(self) -> None:
        self._pending = bytearray()

    @property
    def is_empty(self) -> bool:
        """Whether no part of a frame is left over."""
        return not self._pending

    def feed(self, data: bytes) -> Iterator[Frame]:
        """The frames that are complete with `data`.

        Raises:
            ProtocolError: the stream is no sequence of frames.
        """
        self._pending += data
        while len(self._pending) >= _HEADER.size:
            head_bytes, blob_bytes, question = _HEADER.unpack_from(self._pending)
            end = _HEADER.size + head_bytes + blob_bytes
            if end > MAX_FRAME_BYTES:
                raise ProtocolError
            if len(self._pending) < end:
                return
            head = bytes(self._pending[_HEADER.size : _HEADER.size + head_bytes])
            blob = bytes(self._pending[_HEADER.size + head_bytes : end])
            del self._pending[:end]
            try:
                message = json.loads(head)
            except (ValueError, RecursionError) as error:
                raise ProtocolError from error
            yield Frame(message=message, blob=blob, question=question)

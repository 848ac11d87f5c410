"""The process that runs patterns. Requests and replies go over a socket.

The caller starts it, measures its time, and kills it with everything that it started. What patterns print goes to the
caller, which drops it. Patterns that are not shipped run in processes that are forked from this one.
"""

from __future__ import annotations

import contextlib
import gc
import os
import queue
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

from pytest_orchestrator.codec.decode import decode_json, encode
from pytest_orchestrator.errors import PatternError
from pytest_orchestrator.pattern_engine.channel import (
    NO_QUESTION,
    Begun,
    Check,
    Done,
    Examine,
    Examples,
    Failed,
    Findings,
    Frame,
    ListExamples,
    ProtocolError,
    Ready,
    Register,
    Reply,
    Request,
    Unloadable,
    Unpacker,
    WireCall,
    pack,
)
from pytest_orchestrator.pattern_engine.pattern import Kind
from pytest_orchestrator.pattern_engine.results import Rejected
from pytest_orchestrator.pattern_engine.worker.exception_report import describe
from pytest_orchestrator.pattern_engine.worker.fixit_rules import RuleLinter, examples
from pytest_orchestrator.pattern_engine.worker.foreign import ForeignPatterns
from pytest_orchestrator.pattern_engine.worker.loading import load
from pytest_orchestrator.pattern_engine.worker.running.chain import Broken, ChainResult, Link, run_chain
from pytest_orchestrator.pattern_engine.worker.running.linting import LintedText
from pytest_orchestrator.pattern_engine.worker.running.source import Text
from pytest_orchestrator.pattern_engine.worker.running.suppressed_statements import SuppressionLog, revise_unsuppressed
from pytest_orchestrator.pattern_engine.worker.visiting.construction import LoadedPattern
from pytest_orchestrator.pattern_engine.worker.visiting.paths import prepare
from pytest_orchestrator.process import kill_descendants

# LibCST visits recursively, a few frames a level; Python's default of 1000 ends at a sum of 300 names.
_RECURSION_LIMIT = 6_000
_GRACE_S = 2.0
_COLLECT_FROM_OBJECTS = 200_000  # as many as are in the trees of a quarter of a megabyte


def main(channel: int) -> None:
    """Serve until the caller closes its end of the socket `channel`."""
    os.set_inheritable(channel, False)
    sys.dont_write_bytecode = True  # no files may be added to a pattern's folder
    sys.setrecursionlimit(_RECURSION_LIMIT)
    warnings.simplefilter("ignore")
    caller = socket.socket(fileno=channel)
    todo: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(caller, todo), daemon=True).start()
    prepare()  # before the caller's clock runs
    _freeze_garbage_collector()
    server = Server(caller)
    server.reply(Ready())
    while (frame := todo.get()) is not None:
        server.serve(frame)
    server.close()
    kill_descendants(os.getpid())


def _listen(caller: socket.socket, todo: queue.SimpleQueue[Frame | None]) -> None:
    """Queue the requests. When the caller is gone, end the process, even if a pattern loops or left threads behind."""
    try:
        for frame in _frames(caller):
            todo.put(frame)
    except ProtocolError:
        os.write(2, b"the worker that runs patterns got something that is no request\n")
        os._exit(1)
    todo.put(None)
    time.sleep(_GRACE_S)
    kill_descendants(os.getpid())
    os.killpg(os.getpid(), signal.SIGKILL)  # the caller made this process the leader of its group


def _frames(channel: socket.socket) -> Iterator[Frame]:
    """What comes in, until the other end is closed."""
    unpacker = Unpacker()
    with contextlib.suppress(ConnectionResetError):
        while data := channel.recv(1 << 20):
            yield from unpacker.feed(data)


class Server:
    """Registered calls, their loaded patterns, and how each request is served with them.

    It runs the patterns of one `origin` itself. Those of others run in processes of their own, each with such a server.
    """

    def __init__(self, channel: socket.socket, *, origin: str = "", calls: Sequence[WireCall] = ()) -> None:
        self._channel = channel
        self._origin = origin
        self._question = NO_QUESTION
        self._process = os.getpid()
        self._calls = list(calls)
        self._loaded: dict[int, LoadedPattern] = {}
        self._foreign = ForeignPatterns(self._serve_elsewhere)
        self._last: Text | None = None

    def reply(self, reply: Reply, blob: bytes = b"") -> None:
        """Answer the question that came last."""
        if os.getpid() != self._process:  # a pattern forked: its child would reply to the request for the next file
            os._exit(1)
        self._channel.sendall(pack(encode(reply), blob, question=self._question))

    def serve(self, frame: Frame) -> None:
        """Do what a request says."""
        self._question = frame.question
        request = decode_json(cast("type[Request]", Request), frame.message, path="request")
        match request:
            case Register():
                request.call.trigger.prepare()
                self._calls.append(request.call)
                self._foreign.register(request)
            case Check():
                self._check(request)
                _freeze_garbage_collector()
            case ListExamples():
                self._list_examples(request)
            case Examine():
                self._examine(request, frame.blob)
                _collect_garbage()

    def close(self) -> None:
        """End the processes of other origins."""
        self._foreign.close()

    def _serve_elsewhere(self, channel: socket.socket, origin: str) -> None:
        """What a process that was forked from this one does: it has no way to the caller."""
        self._channel.close()
        server = Server(channel, origin=origin, calls=self._calls)
        for frame in _frames(channel):
            server.serve(frame)

    def _check(self, request: Check) -> None:
        for index, number in enumerate(request.calls):
            self.reply(Begun(call=index))
            call = self._calls[number]
            if call.origin != self._origin:
                answer = self._foreign.load(call, Check(calls=(number,)))
                if isinstance(answer, Unloadable):
                    self.reply(answer)
                    return
                continue
            try:
                self._load(number)
            except PatternError as error:
                self.reply(Unloadable(message=error.message, fix=error.fix))
                return
        self.reply(Done())

    def _list_examples(self, request: ListExamples) -> None:
        call = self._calls[request.call]
        if call.origin != self._origin:
            self.reply(self._foreign.load(call, request))
            return
        try:
            rule = self._load(request.call).entry_class
        except PatternError as error:
            self.reply(Unloadable(message=error.message, fix=error.fix))
            return
        self.reply(Examples(cases=tuple(examples(rule.rule_class)) if issubclass(rule, RuleLinter) else ()))

    def _examine(self, request: Examine, data: bytes) -> None:
        self.reply(Begun())
        text = self._text(request, data)
        if text is None or not self._lint(request, text):
            self.reply(Done())
            return
        log = SuppressionLog(text)
        links = [self._link(request, index, call, log) for index, call in self._requested(request, "codemod")]
        match run_chain(text, links):
            case Broken() as broken:  # a chain is applied as a whole or not at all
                self._fail(broken.index, broken.rejected)
                self.reply(Done())
            case ChainResult() as chain:
                done = Done(edited_by=chain.edited_by, overlaps=chain.overlaps, suppressed=log.lines(chain.edited_by))
                self._last = chain.text if self._origin else None
                self.reply(done, chain.text.data if chain.edited_by else b"")

    def _link(self, request: Examine, index: int, call: WireCall, log: SuppressionLog) -> Link:
        def turn(text: Text) -> Text | Rejected:
            self.reply(Begun(call=index))
            if call.origin != self._origin:
                revised, suppressed = self._foreign.revise(request, request.calls[index], call, text)
                log.note(index, text, suppressed)
                return revised
            try:
                loaded = self._load(request.calls[index])
            except PatternError as error:
                return _unloadable(request.path, call, error)
            revised, suppressed = revise_unsuppressed(text, loaded, root=Path(request.root), codes=call.noqa)
            log.note(index, text, suppressed)
            return revised

        def prepare_search(text: Text) -> None:
            self._search_slowly(index, call, text)

        return Link(index=index, id=call.id, trigger=call.trigger, revise=turn, prepare_search=prepare_search)

    def _search_slowly(self, index: int, call: WireCall, text: Text) -> None:
        """Search for the trigger if that may be slow, so that the time is that of the call."""
        if text.is_searched(call.trigger):
            return
        self.reply(Begun(call=index, is_search=True))
        text.may_hit(call.trigger)
        self.reply(Begun(call=index))

    def _text(self, request: Examine, data: bytes) -> Text | None:
        """The file; None if it was rejected because no pattern can touch it."""
        text, known = Text(path=request.path, data=data), self._last
        if known is not None and text == known:  # an origin's codemods are asked about the same text one by one
            text = known
        self._last = text if self._origin else None
        if request.every_file and text.unfaithful is not None:
            self._fail(None, text.unfaithful)
            return None
        for index, number in enumerate(request.calls):
            trigger = self._calls[number].trigger
            if index in request.matching or trigger.is_quick_on(data):
                text.hits[trigger] = index in request.matching
        return text

    def _lint(self, request: Examine, text: Text) -> bool:
        """Run the linters that may find something; False if no pattern can touch the file."""
        loaded = {}
        foreign: dict[str, list[int]] = {}
        for index, call in self._requested(request, "linter"):
            self._search_slowly(index, call, text)
            if call.origin != self._origin:
                if text.may_hit(call.trigger):
                    foreign.setdefault(call.origin, []).append(index)
                continue
            if not text.may_match(call.trigger):
                continue
            if request.calls[index] not in self._loaded:
                self.reply(Begun(call=index))
            try:
                loaded[index] = self._load(request.calls[index])
            except PatternError as error:
                self._fail(index, _unloadable(request.path, call, error))
        if not all(self._lint_elsewhere(request, text, indices) for indices in foreign.values()):
            return False
        if not loaded:
            return True
        linted = LintedText(text, tuple(loaded.values()), root=Path(request.root))
        for index, pattern in loaded.items():
            self.reply(Begun(call=index))
            found = linted.lint(pattern)
            if not isinstance(found, Rejected):
                if found:  # two dozen empty replies cost more than many a linter
                    self.reply(Findings(call=index, diagnostics=found))
                continue
            self._fail(index, found)
            if not found.pattern:  # no pattern can touch the file
                return False
        return True

    def _lint_elsewhere(self, request: Examine, text: Text, indices: Sequence[int]) -> bool:
        """Have these linters run in the process of their origin; False if no pattern can touch the file."""
        calls = [self._calls[number] for number in request.calls]
        for reply in self._foreign.lint(request, calls, text, indices):
            self.reply(reply)
            if isinstance(reply, Failed) and reply.call is None:
                return False
        return True

    def _requested(self, request: Examine, kind: Kind) -> Iterator[tuple[int, WireCall]]:
        """The requested calls of a kind, with their indices in the request."""
        for index, number in enumerate(request.calls):
            if self._calls[number].kind == kind:
                yield index, self._calls[number]

    def _fail(self, index: int | None, result: Rejected) -> None:
        index = index if result.pattern else None  # the file itself is the reason
        self.reply(Failed(call=index, reason=result.reason, message=result.message, line=result.line))

    def _load(self, number: int) -> LoadedPattern:
        if number not in self._loaded:
            self._loaded[number] = load(self._calls[number])
        return self._loaded[number]


def _unloadable(path: str, call: WireCall, error: PatternError) -> Rejected:
    """The result for a file when a pattern can't be loaded; `Check` reports it before the first file of a run."""
    return Rejected(path=path, reason="raised", pattern=call.id, message=describe(error, Path()))


def _collect_garbage() -> None:
    """Collect garbage if there is much: LibCST's scopes refer to each other, so that only the collector frees them.

    The collector counts the objects that were made and still exist, even while it is disabled.
    """
    if gc.get_count()[0] > _COLLECT_FROM_OBJECTS:
        gc.collect()


def _freeze_garbage_collector() -> None:
    """Disable the collector while a file is examined, and keep it from the objects that exist before.

    It would find nothing, for the file's trees are large and in use, and take a third of the time.
    """
    gc.disable()
    gc.freeze()

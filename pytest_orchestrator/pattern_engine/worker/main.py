"""The process that pattern code runs in. It is told what to do over one pipe and answers over another.

A caller starts it, watches its time, and kills it with everything that it started. What patterns print goes to the
caller, which drops it.
"""

from __future__ import annotations

import gc
import json
import os
import queue
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

from pytest_orchestrator.codec.decode import decode_json, encode
from pytest_orchestrator.errors import PatternError
from pytest_orchestrator.pattern_engine.channel import (
    Begun,
    Check,
    Done,
    Examine,
    Failed,
    Findings,
    Illustrate,
    Illustrated,
    Learn,
    Ready,
    Reply,
    Request,
    Scan,
    Scanned,
    Unloadable,
    Unpacker,
    WireCall,
    pack,
)
from pytest_orchestrator.pattern_engine.pattern import Kind
from pytest_orchestrator.pattern_engine.results import Rejected
from pytest_orchestrator.pattern_engine.trigger import ALWAYS
from pytest_orchestrator.pattern_engine.worker.fixit_rules import RuleLinter, examples
from pytest_orchestrator.pattern_engine.worker.loading import load
from pytest_orchestrator.pattern_engine.worker.running.blame import describe
from pytest_orchestrator.pattern_engine.worker.running.chain import Broken, ChainResult, Link, run_chain
from pytest_orchestrator.pattern_engine.worker.running.linting import LintedText
from pytest_orchestrator.pattern_engine.worker.running.rewriting import Text
from pytest_orchestrator.pattern_engine.worker.running.suppressed import SparingLog, revise_sparing
from pytest_orchestrator.pattern_engine.worker.running.transform import LoadedPattern, parse
from pytest_orchestrator.pattern_engine.worker.visiting.paths import prepare

# LibCST visits recursively, a few frames a level; Python's default of 1000 ends at a sum of 300 names.
_RECURSION_LIMIT = 6_000
_GRACE_S = 2.0
_COLLECT_FROM_OBJECTS = 200_000  # as many as are in the trees of a quarter of a megabyte

_Answer = Callable[[Reply, bytes], None]


def main(requests: int, replies: int) -> None:
    """Serve until the caller closes its end of `requests`."""
    for descriptor in (requests, replies):
        os.set_inheritable(descriptor, False)
    sys.dont_write_bytecode = True  # a pattern's folder holds what its author put there
    sys.setrecursionlimit(_RECURSION_LIMIT)
    warnings.simplefilter("ignore")
    todo: queue.SimpleQueue[tuple[Any, bytes] | None] = queue.SimpleQueue()
    ended = threading.Event()
    threading.Thread(target=_listen, args=(requests, todo, ended), daemon=True).start()
    prepare()  # before the caller's clock runs
    _keep_collector_out()
    bench = _Bench(replies)
    bench.answer(Ready())
    while (frame := todo.get()) is not None:
        bench.serve(decode_json(cast("type[Request]", Request), frame[0], path="request"), frame[1])
    ended.set()


def _listen(requests: int, todo: queue.SimpleQueue[tuple[Any, bytes] | None], ended: threading.Event) -> None:
    """Queue what the caller asks for. When the caller is gone, a pattern that loops for ever must not outlive it."""
    unpacker = Unpacker()
    while data := os.read(requests, 1 << 20):
        for frame in unpacker.feed(data):
            todo.put(frame)
    todo.put(None)
    if not ended.wait(_GRACE_S):
        os.killpg(os.getpid(), signal.SIGKILL)  # the caller made this process the leader of its group


class _Bench:
    """Loaded patterns, and how each request is served with them."""

    def __init__(self, replies: int) -> None:
        self._replies = replies
        self._process = os.getpid()
        self._learnt: list[WireCall] = []
        self._loaded: dict[str, LoadedPattern] = {}
        self._by_number: dict[int, LoadedPattern] = {}

    def answer(self, reply: Reply, blob: bytes = b"") -> None:
        if os.getpid() != self._process:  # a pattern forked: its child would answer for the file that comes next
            os._exit(1)
        data = memoryview(pack(encode(reply), blob))
        while data:
            data = data[os.write(self._replies, data) :]

    def serve(self, request: Request, data: bytes) -> None:
        match request:
            case Check():
                self._check(request)
                _keep_collector_out()
            case Learn():
                self._learnt.append(request.call)
            case Illustrate():
                self._illustrate(request)
            case Scan():
                self.answer(Scanned(matches=request.call.trigger.may_match(data)))
            case Examine():
                self._examine(request, data)
                _tidy_up()

    def _check(self, request: Check) -> None:
        for place, call in enumerate(request.calls):
            self.answer(Begun(call=place))
            try:
                self._load(call)
            except PatternError as error:
                self.answer(Unloadable(message=error.message, fix=error.fix))
                return
        self.answer(Done())

    def _illustrate(self, request: Illustrate) -> None:
        try:
            loaded = self._load(request.call)
        except PatternError as error:
            self.answer(Unloadable(message=error.message, fix=error.fix))
            return
        rule = loaded.entry_class
        self.answer(Illustrated(cases=tuple(examples(rule.rule_class)) if issubclass(rule, RuleLinter) else ()))

    def _examine(self, request: Examine, data: bytes) -> None:
        self.answer(Begun())
        text = self._text(request, data)
        if text is None or not self._lint(request, text):
            self.answer(Done())
            return
        log = SparingLog(text)
        links = [self._link(request, place, call, log) for place, call in self._calls(request, "codemod")]
        match run_chain(text, links):
            case Broken() as broken:  # half a chain is nobody's intention: the file stays as it was
                self._fail(broken.place, broken.rejected)
                self.answer(Done())
            case ChainResult() as chain:
                done = Done(edited_by=chain.edited_by, overlaps=chain.overlaps, spared=log.spared(chain.edited_by))
                self.answer(done, chain.text.data if chain.edited_by else b"")

    def _link(self, request: Examine, place: int, call: WireCall, log: SparingLog) -> Link:
        def turn(text: Text) -> Text | Rejected:
            self._scan(place, call, text)
            self.answer(Begun(call=place))
            try:
                loaded = self._loaded_by_number(request.calls[place])
            except PatternError as error:
                return _unloadable(request.path, call, error)
            revised, spared = revise_sparing(text, loaded, root=Path(request.root), codes=call.noqa)
            log.note(place, text, spared)
            return revised

        # Only in its turn its trigger may be looked for, if that may take too long.
        return Link(place=place, id=call.id, trigger=ALWAYS if call.is_watched else call.trigger, revise=turn)

    def _scan(self, place: int, call: WireCall, text: Text) -> None:
        """Look for what the call's trigger wants while the caller knows of it: it will be looked for again."""
        if call.is_watched:
            self.answer(Begun(call=place, scans=True))
            for _ in call.trigger.hits(text.data):
                pass

    def _text(self, request: Examine, data: bytes) -> Text | None:
        """The file; None when no pattern may touch it, and that was to be found out."""
        if not request.every_file:
            return Text(path=request.path, data=data)
        source = parse(request.path, data)
        if isinstance(source, Rejected):
            self._fail(None, source)
            return None
        return Text.of(source)

    def _lint(self, request: Examine, text: Text) -> bool:
        """Run the linters that may find something; False when no pattern may touch the file."""
        worthwhile = []
        for place, call in self._calls(request, "linter"):
            self._scan(place, call, text)
            if text.may_match(call.trigger):
                worthwhile.append((place, call))
        if not worthwhile:
            return True
        loaded = {}
        for place, call in worthwhile:
            if request.calls[place] not in self._by_number:
                self.answer(Begun(call=place))
            try:
                loaded[place] = self._loaded_by_number(request.calls[place])
            except PatternError as error:
                self._fail(place, _unloadable(request.path, call, error))
        linted = LintedText(text, tuple(loaded.values()), root=Path(request.root))
        for place, pattern in loaded.items():
            self.answer(Begun(call=place))
            found = linted.lint(pattern)
            if not isinstance(found, Rejected):
                if found:  # saying nothing two dozen times costs more than many a linter
                    self.answer(Findings(call=place, diagnostics=found))
                continue
            self._fail(place, found)
            if not found.pattern:  # no pattern may touch the file
                return False
        return True

    def _calls(self, request: Examine, kind: Kind) -> Iterator[tuple[int, WireCall]]:
        """The requested calls of a kind, with their places in the request."""
        for place, number in enumerate(request.calls):
            if self._learnt[number].kind == kind:
                yield place, self._learnt[number]

    def _fail(self, place: int | None, result: Rejected) -> None:
        place = place if result.pattern else None  # the file's own fault
        self.answer(Failed(call=place, reason=result.reason, message=result.message, line=result.line))

    def _loaded_by_number(self, number: int) -> LoadedPattern:
        if number not in self._by_number:
            self._by_number[number] = self._load(self._learnt[number])
        return self._by_number[number]

    def _load(self, call: WireCall) -> LoadedPattern:
        key = json.dumps(encode(call), sort_keys=True)
        if key not in self._loaded:
            self._loaded[key] = load(call)
        return self._loaded[key]


def _unloadable(path: str, call: WireCall, error: PatternError) -> Rejected:
    """What becomes of a file when a pattern can't be loaded; a whole run is told before its first file, by `Check`."""
    return Rejected(path=path, reason="raised", pattern=call.id, message=describe(error, Path()))


def _tidy_up() -> None:
    """LibCST's scopes refer to each other, so that the collector alone can free them.

    Where much stayed it has its turn: it counts what was made and is still there, when it is off too.
    """
    if gc.get_count()[0] > _COLLECT_FROM_OBJECTS:
        gc.collect()


def _keep_collector_out() -> None:
    """Collecting while a file is in hand finds nothing, for its trees are large and all alive, and takes a third of the
    time; and what is there before the first file stays.
    """
    gc.collect()
    gc.disable()
    gc.freeze()

"""Runs the patterns that are not shipped in processes of their own, and checks what these answer.

A process runs the patterns of one origin, so that code can't speak for patterns of another one. It can't change a file
that none of its own codemods was asked about, and no linter can change any.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.pattern_engine.channel import (
    Begun,
    Check,
    Done,
    Examine,
    Examples,
    Failed,
    Findings,
    ListExamples,
    Register,
    Reply,
    Unloadable,
    WireCall,
)
from pytest_orchestrator.pattern_engine.results import TOO_DEEP, Rejected
from pytest_orchestrator.pattern_engine.trigger import Trigger
from pytest_orchestrator.pattern_engine.worker.pattern_process import PatternProcess, PatternProcessEndedError
from pytest_orchestrator.pattern_engine.worker.running.line_changes import compare
from pytest_orchestrator.pattern_engine.worker.running.source import Text, parse
from pytest_orchestrator.pattern_engine.worker.running.suppressed_statements import Suppressed
from pytest_orchestrator.pattern_engine.worker.slicing.slices import cut
from pytest_orchestrator.pattern_engine.worker.slicing.top import top_of
from pytest_orchestrator.python_syntax import is_deep

MAX_RESULT_BYTES = 32 << 20
_MAX_PROCESSES = 4
_NO_ANSWER = "answered something else than it was asked"
_NOTHING = Suppressed()


class ForeignPatterns:
    """The processes that run patterns of other origins; `serve` is what one of them does with its socket and origin."""

    def __init__(self, serve: Callable[[socket.socket, str], None]) -> None:
        self._serve = serve
        self._processes: dict[str, PatternProcess] = {}

    def register(self, request: Register) -> None:
        """Tell the processes of a new call."""
        for process in self._processes.values():
            process.register(request)

    def load(self, call: WireCall, request: Check | ListExamples) -> Reply:
        """The answer to a request about this one call."""
        try:
            *_, (reply, _) = self._process(call.origin).ask(request)
            self._expect(
                call.origin, isinstance(reply, Unloadable | (Done if isinstance(request, Check) else Examples))
            )
        except PatternProcessEndedError as error:
            return Unloadable(message=f"pattern {call.id!r} can't be loaded: it {error}", fix="")
        return reply

    def revise(self, request: Examine, number: int, call: WireCall, text: Text) -> tuple[Text | Rejected, Suppressed]:
        """The file after the codemod, which is registered as `number`, and which of its changes were suppressed."""
        question = replace(request, calls=(number,), matching=(0,), every_file=False)
        revised: Text | Rejected = text
        suppressed = _NOTHING
        try:
            for reply, blob in self._process(call.origin).ask(question, text.data):
                match reply:
                    case Begun():
                        continue
                    case Failed(call=None):
                        revised = self._problem_of(text, reply, call.origin)
                    case Failed(call=0):
                        revised = Rejected(
                            path=text.path, reason=reply.reason, pattern=call.id, message=reply.message, line=reply.line
                        )
                    case Done(edited_by=() | (0,)):
                        if reply.edited_by and revised is text:
                            revised = checked_text(text, blob, call)
                        for one in reply.suppressed:
                            suppressed = Suppressed(lines=one.lines, whole_file=one.whole_file)
                    case _:
                        self._expect(call.origin, False)
        except PatternProcessEndedError as error:
            if is_deep(text.data):
                return Rejected(path=text.path, reason="syntax", message=TOO_DEEP), _NOTHING
            return Rejected(path=text.path, reason="exited", pattern=call.id, message=str(error)), _NOTHING
        return revised, suppressed

    def lint(
        self, request: Examine, calls: Sequence[WireCall], text: Text, indices: Sequence[int]
    ) -> Iterator[Begun | Findings | Failed]:
        """The replies of these linters, all of one origin; `indices` are theirs in the request and in its `calls`.

        If the process ends, the linter that it ran last has failed, and another process runs the others.
        """
        origin = calls[indices[0]].origin
        waiting = list(indices)
        while waiting:
            asked, current = tuple(waiting), waiting[0]
            numbers = tuple(request.calls[index] for index in asked)
            question = replace(request, calls=numbers, matching=tuple(range(len(asked))), every_file=False)
            yield Begun(call=current)
            try:
                for reply, _ in self._process(origin).ask(question, text.data):
                    match reply:
                        case Begun(call=None):
                            continue
                        case Done(edited_by=()):
                            return
                        case Failed(call=None):
                            problem = self._problem_of(text, reply, origin)
                            yield Failed(reason=problem.reason, message=problem.message, line=problem.line)
                            return
                        case Begun(call=int(number)) | Findings(call=number) | Failed(call=int(number)):
                            self._expect(origin, 0 <= number < len(asked))
                            current = asked[number]
                            if isinstance(reply, Findings):
                                own = all(_is_about(item, text, calls[current]) for item in reply.diagnostics)
                                self._expect(origin, own)
                            if not isinstance(reply, Begun):
                                self._expect(origin, current in waiting)
                                waiting.remove(current)
                            yield replace(reply, call=current)
                        case _:
                            self._expect(origin, False)
            except PatternProcessEndedError as error:
                if is_deep(text.data):
                    yield Failed(reason="syntax", message=TOO_DEEP)
                    return
                for index in [current] if current in waiting else tuple(waiting):
                    waiting.remove(index)
                    yield Failed(call=index, reason="exited", message=str(error))

    def close(self) -> None:
        """End the processes."""
        for process in self._processes.values():
            process.close()

    def _process(self, origin: str) -> PatternProcess:
        """The process for this origin, alive and with nothing left to say."""
        process = self._processes.pop(origin, None)
        if process is None or not process.is_usable():
            if len(self._processes) >= _MAX_PROCESSES:
                self._processes.pop(next(iter(self._processes))).close()
            process = PatternProcess(lambda channel: self._begin(channel, origin))
        self._processes[origin] = process  # the one that was asked last is the last one to be ended
        return process

    def _begin(self, channel: socket.socket, origin: str) -> None:
        """What a new process does: it keeps no way to the other ones."""
        for process in self._processes.values():
            process.forget()
        self._serve(channel, origin)

    def _expect(self, origin: str, condition: bool) -> None:
        """End the process whose answer does not meet the condition."""
        if not condition:
            self._processes[origin].kill()
            raise PatternProcessEndedError(_NO_ANSWER)

    def _problem_of(self, text: Text, reported: Failed, origin: str) -> Rejected:
        """Why no pattern can touch the file, as a process reports it and this one can see."""
        problem = text.unfaithful
        if problem is None and reported.message == TOO_DEEP and is_deep(text.data):
            problem = Rejected(path=text.path, reason="syntax", message=TOO_DEEP)
        if problem is None:
            self._processes[origin].kill()
            raise PatternProcessEndedError(_NO_ANSWER)
        return problem


def checked_text(text: Text, data: bytes, call: WireCall) -> Text | Rejected:
    """The file with the bytes that a codemod made of it, or why they are refused."""
    if data == text.data:
        return text
    new = Text(path=text.path, data=data)
    problem = ""
    if len(data) > MAX_RESULT_BYTES:
        problem = f"it is larger than {MAX_RESULT_BYTES:,} bytes"
    elif new.tree is None and (text.tree is not None or isinstance(parse(text.path, data), Rejected)):
        problem = "Python can't parse it"
    elif (line := _line_outside(text, data, call.trigger)) is not None:
        problem = f"it changes line {line}, which is in no {call.trigger.within} that its trigger matches"
    if not problem:
        return new
    message = f"the pattern's result is refused: {problem}"
    return Rejected(path=text.path, reason="broken-output", pattern=call.id, message=message)


def _line_outside(text: Text, data: bytes, trigger: Trigger) -> int | None:
    """The first changed line outside of the parts that the trigger allows changes in, counted from 1."""
    if trigger.within == "file" or text.tree is None:
        return None
    if trigger.within == "top":
        top = top_of(text.data, text.tree)
        allowed = [] if top is None else [range(top.module_bytes.count(b"\n"))]
    else:
        piece = cut(text.data, text.tree, text.outline, [trigger])
        if piece is None:
            return None
        allowed = [range(one.unit.first - 1, one.unit.last) for one in piece.slices]
    for hunk in compare(text.data, data):
        if not any(part.start <= hunk.start and hunk.end <= part.stop for part in allowed):
            return hunk.start + 1
    return None


def _is_about(item: Diagnostic, text: Text, call: WireCall) -> bool:
    """Whether a diagnostic is of this linter, and about this file."""
    last = text.data.count(b"\n") + text.data.count(b"\r") + 1
    places = [item.range, *([item.edit.range] if item.edit else [])]
    return (item.rule, item.path) == (call.id, text.path) and all(place.end_line <= last for place in places)

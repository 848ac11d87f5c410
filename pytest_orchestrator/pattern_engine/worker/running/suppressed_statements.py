"""Keeps codemods from statements that a comment suppresses them on.

A codemod whose trigger declares `within` changes statements independently of each other, so only the suppressed ones
stay as they are. The changes of any other codemod may depend on each other: it then changes nothing in the file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.pattern_engine.noqa import MARK, suppressed_lines
from pytest_orchestrator.pattern_engine.results import Rejected, SuppressedLines
from pytest_orchestrator.pattern_engine.suppressions import suppressions
from pytest_orchestrator.pattern_engine.trigger import Trigger
from pytest_orchestrator.pattern_engine.worker.running.line_changes import (
    Hunk,
    apply_hunks,
    compare,
    inverted,
    map_lines,
)
from pytest_orchestrator.pattern_engine.worker.running.rewriting import revise
from pytest_orchestrator.pattern_engine.worker.running.source import Text
from pytest_orchestrator.pattern_engine.worker.slicing.slices import cut
from pytest_orchestrator.pattern_engine.worker.slicing.statements import with_their_statements
from pytest_orchestrator.pattern_engine.worker.visiting.construction import LoadedPattern


@dataclass(frozen=True, kw_only=True)
class Suppressed:
    """The comments that kept a codemod from a change. `lines` are those of the comments, counted from 1.

    `whole_file` says that the codemod changed nothing at all, though no comment suppresses it on the whole file.
    """

    lines: tuple[int, ...] = ()
    whole_file: bool = False


_NOTHING = Suppressed()


def revise_unsuppressed(
    text: Text, pattern: LoadedPattern, *, root: Path, codes: Sequence[str] = ()
) -> tuple[Text | Rejected, Suppressed]:
    """The file after the codemod, except for changes that comments suppress, and which comments did.

    `codes` are the codes that name the codemod in `# noqa` comments.
    """
    revised = revise(text, pattern, root=root)
    if isinstance(revised, Rejected) or revised is text:
        return revised, _NOTHING
    requests = tuple(_requests(text, pattern.id, codes))
    hunks = compare(text.data, revised.data) if requests else ()
    touched = [one for one in requests if one.is_touched(hunks)]
    if not touched:
        return revised, _NOTHING
    lines = tuple(one.line for one in touched if one.line)
    if pattern.trigger.within in ("header", "statement"):
        rest = _without(text, revised, hunks, touched, pattern.trigger)
        if rest is not None:
            return rest, Suppressed(lines=lines)
    is_file_suppressed = pattern.trigger.within == "top" or any(one.is_about_file for one in touched)
    return text, Suppressed(lines=lines, whole_file=not is_file_suppressed)


class SuppressionLog:
    """What comments suppressed in one file, over all rounds of a chain; lines are those of the original file."""

    def __init__(self, start: Text) -> None:
        self._start = start.data
        self._lines: dict[int, set[int]] = {}
        self._whole: set[int] = set()

    def note(self, call: int, text: Text, suppressed: Suppressed) -> None:
        """Note that comments in `text` kept the codemod `call` from these changes."""
        if not suppressed.lines and not suppressed.whole_file:
            return
        since = inverted(compare(self._start, text.data))
        before = map_lines([line - 1 for line in suppressed.lines], since)
        self._lines.setdefault(call, set()).update(line + 1 for line in before)
        if suppressed.whole_file:
            self._whole.add(call)

    def lines(self, edited_by: Collection[int]) -> tuple[SuppressedLines, ...]:
        """The suppressed lines of each codemod. `edited_by` are the codemods that changed the file in some round."""
        return tuple(
            SuppressedLines(
                call=call, lines=tuple(sorted(lines)), whole_file=call in self._whole and call not in edited_by
            )
            for call, lines in sorted(self._lines.items())
        )


@dataclass(frozen=True, kw_only=True)
class _Request:
    """A comment, and the lines, counted from 0, that a codemod must not change; None: all of the file."""

    line: int
    """That of a comment of ours, counted from 1; 0 for a comment of another tool about the whole file."""
    lines: frozenset[int] | None
    is_about_file: bool = False

    def is_touched(self, hunks: Sequence[Hunk]) -> bool:
        """Whether a hunk replaces one of the lines, or inserts something between two of them."""
        if self.lines is None:
            return bool(hunks)
        return any(
            not self.lines.isdisjoint(range(hunk.start, hunk.end))
            or (hunk.start == hunk.end and {hunk.start - 1, hunk.start} <= self.lines)
            for hunk in hunks
        )


def _requests(text: Text, id_: str, codes: Sequence[str]) -> Iterator[_Request]:
    for comment in suppressions(text.data):
        if id_ in comment.ids and not comment.problem:
            yield _request(comment.position.start_line, comment.about, text)
    for lines in suppressed_lines(text.data, codes) if MARK.search(text.data) else ():
        yield _request(0 if lines is None else lines[-1], lines, text)


def _request(line: int, about: range | None, text: Text) -> _Request:
    if about is None:
        return _Request(line=line, lines=None, is_about_file=True)
    return _Request(line=line, lines=_held(about, text))


def _held(lines: Sequence[int], text: Text) -> frozenset[int] | None:
    """The lines of the statements that hold these; None when Python can't parse the file."""
    if text.tree is None:
        return None
    return frozenset(with_their_statements([line - 1 for line in lines], text.tree))


def _without(
    text: Text, revised: Text, hunks: Sequence[Hunk], touched: Sequence[_Request], trigger: Trigger
) -> Text | None:
    """The revised text without the changes of the suppressed statements.

    None where the changes of one statement can't be separated from those of another.
    """
    piece = None if text.tree is None else cut(text.data, text.tree, text.outline, [trigger])
    if piece is None:
        return None
    units = [range(one.unit.first - 1, one.unit.last) for one in piece.slices]
    held = [unit for unit in units if any(one.lines is None or not one.lines.isdisjoint(unit) for one in touched)]
    kept = [one for one in hunks if not any(_is_in(one, unit) for unit in held)]
    if any(_meets(one, unit) for one in kept for unit in held) or any(one.is_touched(kept) for one in touched):
        return None
    data = apply_hunks(text.data, revised.data, kept)
    rest = text if data == text.data else Text(path=text.path, data=data)
    return rest if rest.tree is not None else None


def _is_in(hunk: Hunk, unit: range) -> bool:
    if hunk.start == hunk.end:
        return unit.start < hunk.start < unit.stop
    return unit.start <= hunk.start and hunk.end <= unit.stop


def _meets(hunk: Hunk, unit: range) -> bool:
    if hunk.start == hunk.end:  # an insertion next to a unit may belong to the unit's change
        return unit.start <= hunk.start <= unit.stop
    return hunk.start < unit.stop and hunk.end > unit.start

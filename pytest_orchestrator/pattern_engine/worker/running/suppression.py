"""What codemods leave as it is because a comment says so: the statements that hold a suppression's line.

A codemod whose trigger promises `within` changes statements independently of each other, so it changes all but those.
What any other one does elsewhere may count on its change there: it changes nothing in the file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.pattern_engine.results import Rejected, SparedLines
from pytest_orchestrator.pattern_engine.suppressions import silenced_lines, suppressions
from pytest_orchestrator.pattern_engine.trigger import Trigger
from pytest_orchestrator.pattern_engine.worker.running.line_changes import (
    Stretch,
    backwards,
    carried,
    compare,
    with_stretches,
)
from pytest_orchestrator.pattern_engine.worker.running.rewriting import Text, revise
from pytest_orchestrator.pattern_engine.worker.running.source import LoadedPattern
from pytest_orchestrator.pattern_engine.worker.slicing.slices import cut
from pytest_orchestrator.pattern_engine.worker.slicing.statements import with_their_statements


@dataclass(frozen=True, kw_only=True)
class Spared:
    """What a codemod would have changed in a text and did not. `lines` are those of the comments, counted from 1.

    `whole_file` says that it then changed nothing at all, and that no comment asks for that.
    """

    lines: tuple[int, ...] = ()
    whole_file: bool = False


_NOTHING = Spared()


def revise_sparing(
    text: Text, pattern: LoadedPattern, *, root: Path, codes: Sequence[str] = ()
) -> tuple[Text | Rejected, Spared]:
    """What `revise` makes of the file, but for what comments keep from the codemod.

    `codes` are those by which `# noqa` comments know it.
    """
    revised = revise(text, pattern, root=root)
    if isinstance(revised, Rejected) or revised is text:
        return revised, _NOTHING
    asked = tuple(_asked_for(text, pattern.id, codes))
    stretches = compare(text.data, revised.data) if asked else ()
    touched = [one for one in asked if one.is_touched(stretches)]
    if not touched:
        return revised, _NOTHING
    lines = tuple(one.line for one in touched if one.line)
    if pattern.trigger.within in ("header", "statement"):
        rest = _without(text, revised, stretches, touched, pattern.trigger)
        if rest is not None:
            return rest, Spared(lines=lines)
    is_asked_for = pattern.trigger.within == "top" or len(lines) < len(touched)
    return text, Spared(lines=lines, whole_file=not is_asked_for)


class SparingLog:
    """What was spared in one file, in all texts that it went through; lines are those of the file as it was."""

    def __init__(self, start: Text) -> None:
        self._start = start.data
        self._lines: dict[int, set[int]] = {}
        self._whole: set[int] = set()

    def note(self, call: int, text: Text, spared: Spared) -> None:
        """The codemod `call` left this out of the text."""
        if not spared.lines and not spared.whole_file:
            return
        since = backwards(compare(self._start, text.data))
        before = carried([line - 1 for line in spared.lines], since)
        self._lines.setdefault(call, set()).update(line + 1 for line in before)
        if spared.whole_file:
            self._whole.add(call)

    def spared(self, edited_by: Collection[int]) -> tuple[SparedLines, ...]:
        """All of it. What a codemod left alone in one text, and changed in a later one, it did not leave alone."""
        return tuple(
            SparedLines(call=call, lines=tuple(sorted(lines)), whole_file=call in self._whole and call not in edited_by)
            for call, lines in sorted(self._lines.items())
        )


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A comment on `line`, and the lines, counted from 0, that a codemod must not change; None: those of the file.

    `line` is 0 for a comment about the file.
    """

    line: int
    lines: frozenset[int] | None

    def is_touched(self, stretches: Sequence[Stretch]) -> bool:
        """Whether something is replaced or inserted between the lines."""
        if self.lines is None:
            return bool(stretches)
        return any(
            not self.lines.isdisjoint(range(stretch.start, stretch.end))
            or (stretch.start == stretch.end and {stretch.start - 1, stretch.start} <= self.lines)
            for stretch in stretches
        )


def _asked_for(text: Text, id_: str, codes: Sequence[str]) -> Iterator[_Asked]:
    for comment in suppressions(text.data):
        if id_ in comment.ids and comment.reason:
            line = comment.range.start_line
            yield _Asked(line=line, lines=_held([line], text))
    for lines in silenced_lines(text.data, codes):
        yield _Asked(line=0, lines=None) if lines is None else _Asked(line=lines[-1], lines=_held(lines, text))


def _held(lines: Sequence[int], text: Text) -> frozenset[int] | None:
    """The lines of the statements that hold these; None where statements can't be told."""
    if text.tree is None:
        return None
    return frozenset(with_their_statements([line - 1 for line in lines], text.tree))


def _without(
    text: Text, revised: Text, stretches: Sequence[Stretch], touched: Sequence[_Asked], trigger: Trigger
) -> Text | None:
    """What the codemod made of the text, but for the statements that it was shown alone and that comments hold.

    None where it can't be told which of the changes belong to them.
    """
    piece = None if text.tree is None else cut(text.data, text.tree, text.outline, [trigger])
    if piece is None:
        return None
    units = [range(one.unit.first - 1, one.unit.last) for one in piece.slices]
    held = [unit for unit in units if any(one.lines is None or not one.lines.isdisjoint(unit) for one in touched)]
    kept = [one for one in stretches if not any(_is_in(one, unit) for unit in held)]
    if any(_meets(one, unit) for one in kept for unit in held) or any(one.is_touched(kept) for one in touched):
        return None
    data = with_stretches(text.data, revised.data, kept)
    rest = text if data == text.data else Text(path=text.path, data=data)
    return rest if rest.tree is not None else None


def _is_in(stretch: Stretch, unit: range) -> bool:
    if stretch.start == stretch.end:
        return unit.start < stretch.start < unit.stop
    return unit.start <= stretch.start and stretch.end <= unit.stop


def _meets(stretch: Stretch, unit: range) -> bool:
    if stretch.start == stretch.end:  # beside a unit it may be a part of what the unit became
        return unit.start <= stretch.start <= unit.stop
    return stretch.start < unit.stop and stretch.end > unit.start

"""The order in which codemods run on a file, and which exclude each other: `after` and `conflicts_with`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.codec.yaml import load_yaml
from pytest_orchestrator.errors import OrchestratorError, PatternError, UsageError
from pytest_orchestrator.files import read_text
from pytest_orchestrator.pattern_engine.pattern import METADATA_FILE, Pattern, PatternCall


def in_order(calls: Sequence[PatternCall]) -> tuple[PatternCall, ...]:
    """The calls in the given order, but each after those that its pattern's `after` names.

    Raises:
        UsageError: two of the patterns exclude each other.
        PatternError: their `after` forms a cycle.
    """
    by_id = {call.pattern.id: call.pattern for call in calls}
    for pattern in by_id.values():
        for other in pattern.conflicts_with:
            if other in by_id:
                raise UsageError(
                    f"{pattern.id} and {other} can't be run together: {_display_path(pattern)} declares the conflict",
                    fix=f"leave one of them out, for example with --ignore {other}",
                )
    _refuse_cycle(by_id)
    waiting, done = list(calls), list[PatternCall]()
    while waiting:
        held_up = {call.pattern.id for call in waiting}
        ready = next(call for call in waiting if held_up.isdisjoint(call.pattern.after))
        waiting.remove(ready)
        done.append(ready)
    return tuple(done)


def check_order(patterns: Iterable[Pattern]) -> None:
    """Check that `after` and `conflicts_with` name existing codemods, and that `after` forms no cycle.

    Raises:
        PatternError: they don't; it has the line.
    """
    by_id = {pattern.id: pattern for pattern in patterns}
    codemods = [pattern.id for pattern in by_id.values() if pattern.kind == "codemod"]
    for pattern in by_id.values():
        for key, names in (("after", pattern.after), ("conflicts_with", pattern.conflicts_with)):
            for name in names:
                if name not in by_id:
                    message = f"there is no pattern {name!r}: {did_you_mean(name, codemods)}"
                elif by_id[name].kind != "codemod":
                    message = f"{name!r} is a {by_id[name].kind}, and only codemods have an order"
                else:
                    continue
                fix = f"correct the name in {key!r}, or remove it"
                raise PatternError(message, path=_display_path(pattern), line=_line(pattern, key), fix=fix)
    _refuse_cycle(by_id)


def _refuse_cycle(by_id: Mapping[str, Pattern]) -> None:
    graph = {pattern.id: [name for name in pattern.after if name in by_id] for pattern in by_id.values()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        ids: list[str] = error.args[1][:0:-1]  # the first one is also the last
        first = ids.index(min(ids))
        cycle = [by_id[id_] for id_ in [*ids[first:], *ids[: first + 1]]]
        steps = [f"{one.id} after {two.id} ({_location(one)})" for one, two in pairwise(cycle)]
        raise PatternError(
            f"the 'after' keys of these patterns form a cycle: {', '.join(steps)}",
            path=_display_path(cycle[0]),
            line=_line(cycle[0], "after"),
            fix="remove one of them from 'after'",
        ) from error


def _location(pattern: Pattern) -> str:
    line = _line(pattern, "after")
    return _display_path(pattern) + (f":{line}" if line else "")


def _display_path(pattern: Pattern) -> str:
    folder = pattern.folder or Path(pattern.id)
    return f"{folder.parent.name}/{folder.name}/{METADATA_FILE}"


def _line(pattern: Pattern, key: str) -> int | None:
    """The line of a key in the pattern's metadata, which is read again: only errors need it."""
    if pattern.folder is None:
        return None
    display_path = _display_path(pattern)
    try:
        text = read_text(pattern.folder / METADATA_FILE, max_bytes=1 << 20, display_path=display_path)
        return load_yaml(text, path=display_path).line((key,))
    except OrchestratorError:  # the file was changed since it was read
        return None

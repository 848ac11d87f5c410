"""What specs demand of code, compared as a set: code that some spec answered for at the base, and none answers for now.

A change may split, merge, rename and replace specs. What counts is the code that stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from pytest_orchestrator.spec_guard.change.changes import Changes, FindFiles
from pytest_orchestrator.spec_guard.coverage.anchors import PathIndex, parse_anchor
from pytest_orchestrator.spec_guard.document.spec import SpecDocument

BINDING = ("approved", "implemented")
"""The statuses of specs whose text binds the code."""


def is_binding(spec: SpecDocument) -> bool:
    """Whether the spec is approved or implemented."""
    return spec.declaration is not None and spec.declaration.status in BINDING


def needs_evidence(spec: SpecDocument) -> bool:
    """Whether the spec is in force and requires evidence."""
    return spec.in_force and spec.declaration is not None and spec.declaration.evidence == "required"


def lost_code(
    changes: Changes, specs: Sequence[SpecDocument], find: FindFiles, holds: Callable[[SpecDocument], bool]
) -> Mapping[str, tuple[str, ...]]:
    """The existing code that a spec for which `holds` is true covered at the base, and that no such spec covers now.

    By the path of its spec at the base. A symbol that was covered is as good as covered while its whole file is.
    """
    left = {old.path: tuple(_parts(old.covers, find)) for old in changes.earlier if holds(old)}
    index = PathIndex(path for parts in left.values() for path, _ in parts)
    covered: set[tuple[str, str]] = set()
    for text in {text for spec in specs if holds(spec) for text in spec.covers}:
        anchor = parse_anchor(text)
        covered.update((path, anchor.symbol) for path in index.matching(anchor))
    return {
        former: lost
        for former, parts in left.items()
        if (lost := tuple(dict.fromkeys(_name(*part) for part in parts if not _is_covered(*part, covered))))
    }


def _parts(covers: Iterable[str], find: FindFiles) -> Iterator[tuple[str, str]]:
    """The files and symbols that exist, sorted."""
    found = {(path, parse_anchor(text).symbol) for text in covers for path in find(text)}
    yield from sorted(found)


def _is_covered(path: str, symbol: str, covered: set[tuple[str, str]]) -> bool:
    parts = symbol.split(".")
    outer = (".".join(parts[:size]) for size in range(len(parts), 0, -1))
    return (path, "") in covered or (bool(symbol) and any((path, name) in covered for name in outer))


def _name(path: str, symbol: str) -> str:
    return f"{path}::{symbol}" if symbol else path

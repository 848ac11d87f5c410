"""What patterns that are shown slices of a file can know of the rest: while one runs, `shown` tells of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass

import libcst as cst

from pytest_orchestrator.pattern_engine.worker.scope import Scope
from pytest_orchestrator.pattern_engine.worker.slicing.outline import Outline, WholeFileNeeded
from pytest_orchestrator.pattern_engine.worker.slicing.slices import Cut


@dataclass(frozen=True, kw_only=True, eq=False)
class Shown:
    """Slices of a file as a module in LibCST's words, and the outline of the whole file."""

    module: cst.Module
    cut: Cut
    outline: Outline

    def homes(self) -> Iterator[tuple[Sequence[cst.CSTNode], Scope, int]]:
        """The statements of each slice, the scope that they are in, and in how many loops of that scope they are.

        Raises:
            WholeFileNeeded: LibCST does not see the slices that we see.
        """
        if len(self.module.body) != len(self.cut.slices):
            raise WholeFileNeeded
        self.outline.forget()
        for statement, piece in zip(self.module.body, self.cut.slices, strict=True):
            scope, loops = self.outline.home(piece.unit.around)
            self.outline.shown_lines = piece.unit.first, piece.unit.last
            yield (cst.ensure_type(statement, cst.If).body.body if piece.above else [statement]), scope, loops


_SHOWN: ContextVar[Shown | None] = ContextVar("_SHOWN", default=None)


@contextlib.contextmanager
def showing(shown: Shown) -> Iterator[None]:
    """Within, patterns are shown these slices."""
    token = _SHOWN.set(shown)
    try:
        yield
    finally:
        _SHOWN.reset(token)


def shown(module: cst.Module) -> Shown | None:
    """What is known of the file around `module`, if that is slices; None: it is a whole file.

    Raises:
        WholeFileNeeded: slices are being shown, and this module was made from them, or is another altogether.
    """
    current = _SHOWN.get()
    if current is not None and current.module.body is not module.body:
        raise WholeFileNeeded
    return current

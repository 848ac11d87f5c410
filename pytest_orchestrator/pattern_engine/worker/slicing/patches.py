"""What a codemod made of slices, told from the tree: only statements that are other nodes now are written out."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from pytest_orchestrator.pattern_engine.worker.slicing.outline import WholeFileNeeded
from pytest_orchestrator.pattern_engine.worker.slicing.slices import Cut, mark

_SETTINGS = ("encoding", "default_indent", "default_newline", "has_trailing_newline")


def changed_parts(piece: Cut, module: cst.Module, revised: cst.Module) -> dict[int, str] | None:
    """The new texts of the slices that changed, by their numbers; None when more than slices may have changed.

    `module` is what LibCST's parser made of the slices, `revised` what a codemod made of that.

    Raises:
        WholeFileNeeded: LibCST would not give back the slices as they were.
    """
    if not _has_same_frame(module, revised):
        return None
    parts: dict[int, str] = {}
    for number, (before, after, shown) in enumerate(zip(module.body, revised.body, piece.slices, strict=True)):
        if after is before:
            continue
        text = _shown(module, after, number)
        if text == shown.shown:
            continue
        if _shown(module, before, number) != shown.shown:
            raise WholeFileNeeded
        part = None if text is None else shown.unframed(text)
        if part is None:
            return None
        parts[number] = part
    return parts


def _shown(module: cst.Module, statement: cst.CSTNode, number: int) -> str | None:
    """The text of a slice's statement without the mark above it; None when there are other marks in it."""
    text = module.code_for_node(statement).removeprefix(mark(number) + module.default_newline)
    return None if "#:slice " in text else text


def _has_same_frame(module: cst.Module, revised: cst.Module) -> bool:
    return (
        all(getattr(module, name) == getattr(revised, name) for name in _SETTINGS)
        and _are_the_same(module.header, revised.header)
        and _are_the_same(module.footer, revised.footer)
        and len(module.body) == len(revised.body)
    )


def _are_the_same(some: Sequence[cst.CSTNode], others: Sequence[cst.CSTNode]) -> bool:
    return len(some) == len(others) and all(one is other for one, other in zip(some, others, strict=True))

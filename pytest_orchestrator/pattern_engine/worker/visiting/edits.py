"""What becomes of a file's text when one node of its tree is replaced by others."""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst
from libcst._nodes.internal import CodegenState
from libcst.metadata import ParentNodeProvider

from pytest_orchestrator.pattern_engine.worker.visiting.metadata import Metadata
from pytest_orchestrator.pattern_engine.worker.visiting.positions import Layout, Stretch
from pytest_orchestrator.records import Edit, Range

Replacement = cst.CSTNode | cst.FlattenSentinel[cst.CSTNode] | cst.RemovalSentinel


def replaced(metadata: Metadata, replacements: Mapping[cst.CSTNode, Replacement]) -> cst.Module:
    """The module with the nodes replaced; one inside of another that is replaced goes with that."""
    parents = metadata.resolve(ParentNodeProvider)
    above: set[object] = set()
    for node in replacements:
        parent: object = parents.get(node)
        while parent is not None and parent not in above:
            above.add(parent)
            parent = parents.get(parent) if isinstance(parent, cst.CSTNode) else None
    module = metadata.module.visit(_Replacer(replacements, above))
    assert isinstance(module, cst.Module)  # noqa: S101 - nobody replaces the root by anything else
    return module


def edit_of(metadata: Metadata, node: cst.CSTNode, replacement: Replacement) -> Edit:
    """The change of the text that this one replacement means."""
    layout = metadata.layout
    found = _edit_of_node(metadata, node, replacement)
    if found is None:  # a node that its parent writes in its own way, or an ancestor of the last newline
        after = replaced(metadata, {node: replacement}).code
        found = (Stretch(start=0, end=len(layout.code), indent=()), after)
    return _smallest(layout, *found)


class _Replacer(cst.CSTTransformer):
    def __init__(self, replacements: Mapping[cst.CSTNode, Replacement], above: set[object]) -> None:
        super().__init__()
        self._replacements, self._above = replacements, above

    def on_visit(self, node: cst.CSTNode) -> bool:
        return node in self._above and node not in self._replacements

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> Replacement:  # type: ignore[override]
        return self._replacements.get(original_node, updated_node)


def _edit_of_node(metadata: Metadata, node: cst.CSTNode, replacement: Replacement) -> tuple[Stretch, str] | None:
    """The edit told from the node's own code, if that is what the text holds."""
    layout = metadata.layout
    same_place = (cst.BaseExpression, cst.BaseStatement)
    if not any(isinstance(node, kind) and isinstance(replacement, kind) for kind in same_place):
        return None
    assert isinstance(replacement, cst.CSTNode)  # noqa: S101 - sentinels are none of them
    stretch = layout.stretch(node)
    before, after = (_code(metadata.module, each, stretch) for each in (node, replacement))
    if after is None or before != layout.code[stretch.start : stretch.end]:
        return None
    return stretch, after


def _code(module: cst.Module, node: cst.CSTNode, stretch: Stretch) -> str | None:
    state = CodegenState(
        default_indent=module.default_indent,
        default_newline=module.default_newline,
        indent_tokens=list(stretch.indent),
    )
    try:
        node._codegen(state)
    except TypeError:  # it must be told more by its parent
        return None
    return "".join(state.tokens)


def _smallest(layout: Layout, stretch: Stretch, text: str) -> Edit:
    """The edit without what stays the same at its ends."""
    before = layout.code[stretch.start : stretch.end]
    head = _alike(before, text)
    head -= before[:head].endswith("\r")  # `\r\n` is one thing
    left = min(len(before), len(text)) - head
    tail = min(left, _alike(before[::-1], text[::-1]))
    tail -= "\r" in layout.code and before[len(before) - tail :].startswith("\n")
    start, end = layout.position(stretch.start + head), layout.position(stretch.end - tail)
    place = Range(start_line=start.line, start_column=start.column + 1, end_line=end.line, end_column=end.column + 1)
    return Edit(range=place, text=text[head : len(text) - tail])


def _alike(one: str, other: str) -> int:
    """How many characters the two have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (left, right) in pairs if left != right), min(len(one), len(other)))

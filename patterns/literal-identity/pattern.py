"""`is` beside a literal: `name is "root"`."""

from __future__ import annotations

import libcst as cst

from pytest_orchestrator.api.patterns import Linter

_CONSTANTS = (cst.SimpleString, cst.Integer, cst.Float, cst.Imaginary)
_ALWAYS_NEW = (cst.List, cst.Set, cst.Dict, cst.ListComp, cst.SetComp, cst.DictComp)
_SINGLETONS = frozenset({"None", "True", "False"})


class LiteralIdentity(Linter):
    """Report comparisons of identity in which one side is written out."""

    def visit_Comparison(self, node: cst.Comparison) -> None:
        """Look at each operator of the chain with what stands on its two sides."""
        left = node.left
        for target in node.comparisons:
            right = target.comparator
            if isinstance(target.operator, cst.Is | cst.IsNot):
                sides = (left, right)
                word, instead = ("is", "==") if isinstance(target.operator, cst.Is) else ("is not", "!=")
                if any(isinstance(side, _ALWAYS_NEW) for side in sides):
                    outcome = "false" if word == "is" else "true"
                    self.report(node, f"`{word}` is always {outcome} for an object that is made here: use `{instead}`")
                elif any(_is_constant(side) and not _is_singleton(side) for side in sides):
                    self.report(
                        node, f"whether equal constants are one object is up to the interpreter: use `{instead}`"
                    )
            left = right


def _is_constant(value: cst.BaseExpression) -> bool:
    match value:
        case cst.Tuple():
            return all(isinstance(item, cst.Element) and _is_constant(item.value) for item in value.elements)
        case cst.ConcatenatedString():
            return _is_constant(value.left) and _is_constant(value.right)
        case cst.UnaryOperation(operator=cst.Minus() | cst.Plus()):
            return isinstance(value.expression, cst.BaseNumber)
        case _:
            return isinstance(value, _CONSTANTS) or _is_singleton(value)


def _is_singleton(value: cst.BaseExpression) -> bool:
    """Whether there is but one such object, so that `is` is the right question."""
    return isinstance(value, cst.Ellipsis) or (isinstance(value, cst.Name) and value.value in _SINGLETONS)

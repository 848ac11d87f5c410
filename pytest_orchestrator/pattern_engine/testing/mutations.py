"""The mutations of one node of a pattern's code: small changes that a good case notices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import libcst as cst

from pytest_orchestrator.pattern_engine.worker.scope import is_none

_Node = TypeVar("_Node", bound=cst.CSTNode)


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """`node` replaces another node. `at` is the part of the old node whose line is reported; None: all of it.

    `change` says what was done, `advice` what a case needs to notice it.
    """

    node: cst.CSTNode
    change: str
    advice: str
    at: cst.CSTNode | None = None


def is_left_out(node: cst.CSTNode) -> bool:
    """Whether `node` and its children are not mutated: documentation, imports, annotations, decorators, errors."""
    match node:
        case cst.Annotation() | cst.Import() | cst.ImportFrom() | cst.Decorator() | cst.TypeParameters():
            return True
        case cst.Assert() | cst.Raise() | cst.TypeAlias() | cst.FormattedStringText() | cst.Global() | cst.Nonlocal():
            return True
        case cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString()):
            return True
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))]):
            return name in _WORDS
        case cst.If(test=cst.Name(value="TYPE_CHECKING")):
            return True
    return False


def parts_without_effect(node: cst.CSTNode) -> Sequence[cst.CSTNode]:
    """The parts of `node` that do not decide what a pattern does: a report's message, and a default for nothing."""
    match node:
        case cst.BooleanOperation(operator=cst.Or(), right=right) if _is_empty(right):
            return [right]
        case cst.Call(func=cst.Attribute(attr=cst.Name(value="report" | "report_range" | "warn")), args=[_, *messages]):
            return messages
    return ()


def _is_empty(node: cst.CSTNode) -> bool:
    """Whether the node is an empty literal or a number, as in `name or ""`."""
    return isinstance(node, cst.SimpleString | cst.Integer) or (
        isinstance(node, cst.Tuple | cst.List | cst.Dict) and not node.elements
    )


_WORDS = frozenset({"DESCRIPTION", "METADATA_DEPENDENCIES", "__all__"})


def mutations(node: cst.CSTNode) -> Iterator[Mutation]:
    """The mutations of `node` itself, without those of its children."""
    match node:
        case cst.Comparison():
            yield from _comparison(node)
        case cst.BooleanOperation():
            yield from _boolean(node)
        case cst.UnaryOperation(operator=cst.Not()):
            yield Mutation(node=_grouped(node.expression), change="not removed", advice=_BOTH_WAYS)
        case cst.BinaryOperation():
            yield from _binary(node)
        case cst.If() | cst.While() | cst.IfExp() | cst.CompIf():
            yield from _condition(node, node.test, "test")
        case cst.MatchCase(guard=cst.BaseExpression() as guard):
            yield from _condition(node, guard, "guard")
        case cst.MatchClass() | cst.MatchOr():
            yield from _match(node)
        case cst.Integer() | cst.SimpleString() | cst.Name():
            yield from _constant(node)
        case cst.Call():
            yield from _call(node)
        case cst.SimpleStatementLine(body=[statement]):
            yield from _statement(node, statement)


_BOTH_WAYS = "add one case in which this condition is true and one in which it is false"
_ALTERNATIVE = "add a case for this alternative"
_VALUE = "add a case that depends on this value"
_EFFECT = "add a case that needs this statement"

_FLIPPED: Mapping[type[cst.BaseCompOp], cst.BaseCompOp] = {
    cst.Equal: cst.NotEqual(),
    cst.NotEqual: cst.Equal(),
    cst.LessThan: cst.LessThanEqual(),
    cst.LessThanEqual: cst.LessThan(),
    cst.GreaterThan: cst.GreaterThanEqual(),
    cst.GreaterThanEqual: cst.GreaterThan(),
    cst.In: cst.NotIn(),
    cst.NotIn: cst.In(),
    cst.Is: cst.IsNot(),
    cst.IsNot: cst.Is(),
}
_BOUNDS = (cst.LessThan, cst.LessThanEqual, cst.GreaterThan, cst.GreaterThanEqual)


def _comparison(node: cst.Comparison) -> Iterator[Mutation]:
    for index, target in enumerate(node.comparisons):
        flipped = target.with_changes(operator=_FLIPPED[type(target.operator)])
        is_bound = isinstance(target.operator, _BOUNDS)
        yield Mutation(
            node=node.with_changes(comparisons=[*node.comparisons[:index], flipped, *node.comparisons[index + 1 :]]),
            change="comparison changed",
            advice="add a case with a value exactly at the bound" if is_bound else _BOTH_WAYS,
            at=target,
        )


def _boolean(node: cst.BooleanOperation) -> Iterator[Mutation]:
    if parts_without_effect(node):
        return
    is_and = isinstance(node.operator, cst.And)
    other = cst.Or() if is_and else cst.And()
    yield Mutation(
        node=_grouped(node.with_changes(operator=other)),
        change=f"{'and' if is_and else 'or'} changed",
        advice="add a case in which only one of the two is true",
        at=node.right,
    )
    dropped = [node.right] if isinstance(node.left, cst.BooleanOperation) else [node.left, node.right]
    for operand in dropped:
        kept = node.right if operand is node.left else node.left
        yield Mutation(
            node=_grouped(kept),
            change="condition dropped",
            advice="add a case whose result depends on this condition alone",
            at=operand,
        )


def _condition(node: cst.CSTNode, test: cst.BaseExpression, field: str) -> Iterator[Mutation]:
    match test:
        case cst.UnaryOperation(operator=cst.Not()) | cst.Name(value="True" | "False"):
            return  # these are mutated themselves
        case cst.Comparison(comparisons=[target]) if not isinstance(target.operator, _BOUNDS):
            return
    negated = cst.UnaryOperation(operator=cst.Not(), expression=_grouped(test))
    yield Mutation(node=node.with_changes(**{field: negated}), change="condition negated", advice=_BOTH_WAYS, at=test)


def _binary(node: cst.BinaryOperation) -> Iterator[Mutation]:
    sides = (node.left, node.right)
    is_type = any(map(is_none, sides))  # `str | None`
    match node.operator:
        case cst.BitOr() if not is_type:
            for side, kept in ((node.left, node.right), (node.right, node.left)):
                yield Mutation(node=_grouped(kept), change="alternative dropped", advice=_ALTERNATIVE, at=side)
        case cst.Add():
            yield Mutation(node=node.with_changes(operator=cst.Subtract()), change="sign changed", advice=_VALUE)
        case cst.Subtract():
            yield Mutation(node=node.with_changes(operator=cst.Add()), change="sign changed", advice=_VALUE)


def _match(node: cst.MatchClass | cst.MatchOr) -> Iterator[Mutation]:
    match node:
        case cst.MatchClass():
            for index, part in enumerate(node.kwds):
                yield Mutation(
                    node=node.with_changes(kwds=_without(node.kwds, index)),
                    change="part of the match dropped",
                    advice="add a case that differs from the match only in this part",
                    at=part,
                )
        case cst.MatchOr():
            for index, choice in enumerate(node.patterns):
                left = _without(node.patterns, index, separator=cst.MaybeSentinel.DEFAULT)
                kept: cst.CSTNode = left[0].pattern if len(left) == 1 else node.with_changes(patterns=left)
                yield Mutation(node=kept, change="alternative dropped", advice=_ALTERNATIVE, at=choice)


def _constant(node: cst.Integer | cst.SimpleString | cst.Name) -> Iterator[Mutation]:
    match node:
        case cst.Integer():
            changed: cst.CSTNode = node.with_changes(value=str(node.evaluated_value + 1))
        case cst.Name(value="True" | "False"):
            changed = node.with_changes(value="False" if node.value == "True" else "True")
        case cst.SimpleString():
            text = "" if node.evaluated_value else "mutant"
            changed = node.with_changes(value=f"{node.prefix}{node.quote}{text}{node.quote}")
        case _:
            return
    yield Mutation(node=changed, change="constant changed", advice=_VALUE)


def _call(node: cst.Call) -> Iterator[Mutation]:
    name = node.func.attr.value if isinstance(node.func, cst.Attribute) else getattr(node.func, "value", "")
    if name in _NEEDS_ALL:
        return
    droppable = [index for index, arg in enumerate(node.args) if arg.keyword is not None]
    if len(node.args) > 1 and node.args[-1].keyword is None and not node.args[-1].star:
        droppable.append(len(node.args) - 1)
    for index in droppable:
        yield Mutation(
            node=node.with_changes(args=_without(node.args, index)),
            change="argument dropped",
            advice="add a case that depends on this argument",
            at=node.args[index],
        )


# Without one of their arguments these raise errors.
_NEEDS_ALL = frozenset({"isinstance", "issubclass", "setattr", "hasattr", "cast", "zip", "report", "report_range"})


def _statement(line: cst.SimpleStatementLine, statement: cst.BaseSmallStatement) -> Iterator[Mutation]:
    match statement:
        case cst.Expr(value=cst.Call() | cst.Yield() | cst.Await()) | cst.AugAssign() | cst.Del():
            change = "statement deleted"
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Attribute() | cst.Subscript())]):
            change = "statement deleted"
        case cst.Return() | cst.Raise() | cst.Continue() | cst.Break():
            change = f"{type(statement).__name__.lower()} deleted"
        case _:
            return
    yield Mutation(node=line.with_changes(body=[cst.Pass()]), change=change, advice=_EFFECT)


def _without(items: Sequence[_Node], index: int, **last: object) -> list[_Node]:
    """The items without one. If that was the last one, the comma before it goes too."""
    left = [*items[:index], *items[index + 1 :]]
    if left and index == len(items) - 1:
        left[-1] = left[-1].with_changes(**(last or {"comma": cst.MaybeSentinel.DEFAULT}))
    return left


def _grouped(node: cst.BaseExpression) -> cst.BaseExpression:
    """The expression, in parentheses where it may need some."""
    operators = (
        cst.BooleanOperation,
        cst.Comparison,
        cst.UnaryOperation,
        cst.BinaryOperation,
        cst.IfExp,
        cst.NamedExpr,
    )
    if node.lpar or not isinstance(node, (*operators, cst.Lambda)):
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])

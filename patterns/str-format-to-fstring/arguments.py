"""The arguments of a call of `format`: which field gets which, and whether each may move to its field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import libcst as cst

from pytest_orchestrator.api.codemods import (
    LITERALS,
    find_nodes,
    has_fixed_text,
    is_repeatable,
    is_side_effect_free,
)
from pytest_orchestrator.api.patterns import Scope

from .fields import Field

Key = str | int
"""The name of an argument, or its index among those that have none."""

Arguments = Mapping[Key, cst.BaseExpression]
"""The values of a call, in the order in which they are evaluated."""


def read_arguments(call: cst.Call) -> Arguments | None:
    """The call's arguments; None when only the running program knows what they are."""
    arguments: dict[Key, cst.BaseExpression] = {}
    for index, arg in enumerate(call.args):
        key = arg.keyword.value if arg.keyword else index
        if arg.star or key in arguments or (isinstance(arg.value, cst.GeneratorExp) and not arg.value.lpar):
            return None
        arguments[key] = arg.value
    return arguments


def assign(fields: Sequence[Field], arguments: Arguments) -> Sequence[Key] | None:
    """Which argument each field gets. None: one is missing or left over, or Python would refuse the fields."""
    numbered = [field.argument for field in fields if not isinstance(field.argument, str)]
    if not fields or (None in numbered and any(number is not None for number in numbered)):
        return None
    indexes = iter(range(len(fields)))
    keys = [next(indexes) if field.argument is None else field.argument for field in fields]
    return keys if set(keys) == arguments.keys() else None


def keeps_order(fields: Sequence[Field], keys: Sequence[Key], arguments: Arguments, scope: Scope) -> bool:
    """Whether it changes nothing to evaluate each argument in its field, after the texts of the fields before it."""
    uses = Counter(keys)
    if any(uses[key] > 1 and not is_repeatable(value, scope) for key, value in arguments.items()):
        return False
    acting = {key for key, value in arguments.items() if not is_side_effect_free(value, scope)}
    moving = {key: None for key, value in arguments.items() if not isinstance(value, LITERALS)}
    if acting and list(dict.fromkeys(key for key in keys if key in moving)) != list(moving):
        return False
    items = {key: containers for key, value in arguments.items() if (containers := _containers(value))}
    changeable: set[str] = set()  # the code of what was read so far for texts that may change, or fail
    reads_item = False
    for field, key in zip(fields, keys, strict=True):
        value = arguments[key]
        if reads_item and not isinstance(value, (cst.Name, *LITERALS)):
            return False  # "{[key]} of {}".format(table, len(table)) counts before the item is read
        if changeable and (key in acting or not changeable.isdisjoint(items.get(key, ()))):
            return False
        reads_item = reads_item or field.reads_item
        if (acting or items) and (field.may_fail or not has_fixed_text(value, scope)):
            changeable.update(_shown(value))
    return True


def _containers(value: cst.BaseExpression) -> set[str]:
    """The code of what `value` reads items of, which changes a `defaultdict`."""
    return {_code(found.value) for found in find_nodes(value, cst.Subscript)}


def _shown(value: cst.BaseExpression) -> set[str]:
    """The code of the parts of `value` that its text may show: all but what only an item is read of."""
    parts = Counter(map(_code, _expressions(value)))
    parts.subtract(_code(found.value) for found in find_nodes(value, cst.Subscript))
    return {code for code, count in parts.items() if count > 0}


def _expressions(value: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    pending: list[cst.CSTNode] = [value]
    while pending:
        node = pending.pop()
        if isinstance(node, cst.BaseExpression):
            yield node
        pending.extend(node.children)


def _code(node: cst.CSTNode) -> str:
    return cst.Module(body=()).code_for_node(node)

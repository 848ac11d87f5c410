"""The arguments of a call of `format`: which field gets which, and whether each may move to its field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst

from pytest_orchestrator.api.codemods import (
    LITERALS,
    contains_subscript_of,
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
    if any(keys.count(key) > 1 and not is_repeatable(value, scope) for key, value in arguments.items()):
        return False
    acting = [key for key, value in arguments.items() if not is_side_effect_free(value, scope)]
    moving = [key for key, value in arguments.items() if not isinstance(value, LITERALS)]
    if acting and list(dict.fromkeys(key for key in keys if key in moving)) != moving:
        return False
    values = [arguments[key] for key in keys]
    for index, (key, value) in enumerate(zip(keys, values, strict=True)):
        for field, earlier in zip(fields[:index], values[:index], strict=True):
            if field.reads_item and not isinstance(value, (cst.Name, *LITERALS)):
                return False  # "{[key]} of {}".format(table, len(table)) counts before the item is read
            touched = key in acting or contains_subscript_of(value, earlier)
            if touched and (field.may_fail or not has_fixed_text(earlier, scope)):
                return False
    return True

"""`open(path, "r")` -> `open(path)`, `open(path, "wt")` -> `open(path, "w")`."""

from __future__ import annotations

import libcst as cst
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand

from pytest_orchestrator.api.patterns import Scope, read_scopes


class RedundantOpenMode(VisitorBasedCodemodCommand):
    """Leave out what `open` takes for granted."""

    DESCRIPTION = "Leave out the mode that open takes for granted."

    def __init__(self, context: CodemodContext) -> None:
        super().__init__(context)
        self._modes: dict[cst.Call, int] = {}

    def visit_Module(self, node: cst.Module) -> bool:
        """Find the calls first: `open` may be bound further down."""
        for call, scope in read_scopes(node, cst.Call).items():
            index = _redundant_mode(call, scope)
            if index is not None and "#" not in node.code_for_node(call):
                self._modes[call] = index
        return bool(self._modes)

    def visit_FormattedStringExpression(self, node: cst.FormattedStringExpression) -> bool:
        """Stay out of f"{...=}", which shows its own source."""
        return node.equal is None

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        """Drop the argument, or its needless letter."""
        index = self._modes.get(original_node)
        if index is None:
            return updated_node
        before, mode, after = updated_node.args[:index], updated_node.args[index], updated_node.args[index + 1 :]
        value = cst.ensure_type(mode.value, cst.SimpleString)
        if _letters(value) != {"r", "t"} and _letters(value) != {"r"}:
            short = value.with_changes(value=value.prefix + value.value[len(value.prefix) :].replace("t", ""))
            return updated_node.with_changes(args=[*before, mode.with_changes(value=short), *after])
        if before and not after:  # the one before ends as the last one did: with or without a comma and a line break
            last = before[-1].with_changes(comma=mode.comma, whitespace_after_arg=mode.whitespace_after_arg)
            before = [*before[:-1], last]
        return updated_node.with_changes(args=[*before, *after])


def _redundant_mode(call: cst.Call, scope: Scope) -> int | None:
    """The index of the mode among the arguments, when it is redundant and no later argument depends on it."""
    if not (isinstance(call.func, cst.Name) and call.func.value == "open" and scope.is_builtin("open")):
        return None
    names = [argument.keyword.value if argument.keyword else None for argument in call.args]
    positional = names.count(None)
    if any(argument.star for argument in call.args) or not (positional or "file" in names):
        return None
    if names.count("mode") + (positional > 1) != 1 or positional > 2:
        return None
    index = names.index("mode") if "mode" in names else 1
    value = call.args[index].value
    return index if isinstance(value, cst.SimpleString) and _is_redundant(value) else None


def _is_redundant(value: cst.SimpleString) -> bool:
    letters = _letters(value)
    known = len(letters & set("rwax")) == 1 and letters <= set("rwaxt+") and len(letters) == len(value.raw_value)
    return known and ("t" in letters or letters == {"r"})


def _letters(value: cst.SimpleString) -> set[str]:
    return set() if "b" in value.prefix else set(value.raw_value)

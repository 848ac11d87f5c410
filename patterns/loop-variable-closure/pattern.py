"""Functions that see the last value of a loop: `[lambda: i for i in range(3)]`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import libcst as cst
from libcst import matchers as m
from libcst.metadata import CodePosition, CodeRange, PositionProvider

from pytest_orchestrator.api.patterns import Binding, Linter, Scope, dotted_name, read_scopes

_Function = cst.FunctionDef | cst.Lambda
_Loop = cst.For | cst.While
_COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)
_TARGETS = m.OneOf(m.For(), m.AssignTarget(), m.AugAssign(), m.NamedExpr())
_CALL_AT_ONCE = frozenset({"filter", "map", "reduce", "functools.reduce"})


class LoopVariableClosure(Linter):
    """Report what a function made in a loop reads late, of all that the loop binds anew each time round."""

    def __init__(self) -> None:
        super().__init__()
        self._names: Mapping[cst.Name, Scope] = {}
        self._loops: Mapping[_Loop, Scope] = {}
        self._around: list[_Loop] = []
        self._last_turn: set[tuple[_Loop | None, cst.CSTNode]] = set()
        self._no_variables: set[cst.Name] = set()
        self._used_at_once: set[cst.BaseExpression] = set()

    def visit_Module(self, node: cst.Module) -> None:
        """Learn what every name means, and whose variables a loop binds."""
        self._names = read_scopes(node, cst.Name)
        self._loops = {**read_scopes(node, cst.For), **read_scopes(node, cst.While)}

    def visit_Attribute(self, node: cst.Attribute) -> None:
        """The name behind a dot is no variable."""
        self._no_variables.add(node.attr)

    def visit_Arg(self, node: cst.Arg) -> None:
        """The name of a parameter is no variable; a function for `key` is called before the loop goes on."""
        if node.keyword is not None:
            self._no_variables.add(node.keyword)
            if node.keyword.value == "key":
                self._used_at_once.add(node.value)

    def visit_Call(self, node: cst.Call) -> None:
        """What goes to `map` and its like is used up in this turn of the loop, or so everybody means it, and so is what
        is called where it is made.
        """
        if isinstance(node.func, cst.Lambda):
            self._used_at_once.add(node.func)
        if dotted_name(node.func) in _CALL_AT_ONCE:
            self._used_at_once.update(arg.value for arg in node.args)

    def visit_For(self, node: cst.For) -> None:
        """Enter a loop, which a `break` would end."""
        self._around.append(node)

    def visit_While(self, node: cst.While) -> None:
        """Enter a loop, which a `break` would end."""
        self._around.append(node)

    def leave_For(self, original_node: cst.For) -> None:  # noqa: ARG002 - LibCST passes it by name
        """Leave the loop."""
        self._around.pop()

    def leave_While(self, original_node: cst.While) -> None:  # noqa: ARG002
        """Leave the loop."""
        self._around.pop()

    def visit_Return(self, node: cst.Return) -> None:
        """No turn of any loop follows the functions that are made for the result."""
        self._last_turn.update((None, function) for function in m.findall(node, m.Lambda()))

    def visit_IndentedBlock(self, node: cst.IndentedBlock) -> None:
        """No turn follows the functions in a block that ends in `return`, or in the loop's `break`."""
        if m.findall(node, m.Continue()):
            return
        match node.body:
            case [*_, cst.SimpleStatementLine(body=[*_, cst.Return()])]:
                ended = None
            case [*_, cst.SimpleStatementLine(body=[*_, cst.Break()])] if self._around:
                ended = self._around[-1]
            case _:
                return
        for part in node.body:
            made = m.findall(part, m.Lambda()) if isinstance(part, cst.SimpleStatementLine) else [part]
            self._last_turn.update((ended, function) for function in made)

    def leave_Module(self, original_node: cst.Module) -> None:  # noqa: ARG002 - LibCST passes it by name
        """Look at each variable, now that all loops are known."""
        for name, scope in self._names.items():
            if name not in self._no_variables and self._is_read_late(name, scope):
                self.report(
                    name,
                    f"`{name.value}` has another value when this function is called after this turn of the loop: "
                    f"bind it now with a default, `{name.value}={name.value}`",
                )

    def _is_read_late(self, name: cst.Name, scope: Scope) -> bool:
        owner = scope.owner(name.value)
        if owner is None:
            return False
        functions = {
            around: function
            for around, function in _functions_around(scope, owner)
            if function not in self._used_at_once
        }
        if isinstance(owner.node, _COMPREHENSIONS):
            return owner in functions
        loops = {
            loop: functions[around]
            for loop, around in self._loops.items()
            if around in functions and self._may_change(loop, functions[around], name.value, is_own=around is owner)
        }
        if not loops:
            return False  # asking what binds the name has the engine read all of the file, for most names in vain
        changes = _changes(owner.bindings(name.value))
        return any(self._changes_for(loop, function, changes) for loop, function in loops.items())

    def _may_change(self, loop: _Loop, function: _Function, name: str, *, is_own: bool) -> bool:
        """Whether the function is made in this loop, a turn may follow, and the loop may bind the name."""
        if not self._holds(loop.body, function) or {(None, function), (loop, function)} & self._last_turn:
            return False
        return is_own or _may_bind(loop, name)  # it may be `global` or `nonlocal`

    def _changes_for(self, loop: _Loop, function: _Function, changes: Sequence[cst.CSTNode]) -> bool:
        if any(self._holds(function, change) for change in changes):
            return False
        parts = [loop.body, loop.test] if isinstance(loop, cst.While) else [loop.body]
        return any(change is loop or self._holds(part, change) for change in changes for part in parts)

    def _holds(self, outer: cst.CSTNode, inner: cst.CSTNode) -> bool:
        around, within = (self.get_metadata(PositionProvider, node) for node in (outer, inner))
        assert isinstance(around, CodeRange)  # noqa: S101 - the provider gives nothing else
        assert isinstance(within, CodeRange)  # noqa: S101
        return _position(around.start) <= _position(within.start) and _position(within.end) <= _position(around.end)


def _changes(bindings: Sequence[Binding]) -> Sequence[cst.CSTNode]:
    """What gives a variable its values. Functions and classes call themselves and each other in one turn of a loop."""
    nodes = [binding.node for binding in bindings if binding.imported is None]
    return [node for node in nodes if not isinstance(node, cst.FunctionDef | cst.ClassDef)]


def _functions_around(scope: Scope, owner: Scope) -> Iterator[tuple[Scope, _Function]]:
    """The scopes around a name, up to its variable's, each with the function in it that the name is read in."""
    function: _Function | None = None
    inner: Scope | None = scope
    while inner is not None:
        if function is not None:
            yield inner, function
        if inner is owner:
            return
        if isinstance(inner.node, _Function):
            function = inner.node
        inner = inner.parent


def _may_bind(loop: _Loop, name: str) -> bool:
    """Whether a target in the loop contains the name."""
    return any(m.findall(found.target, m.Name(name)) for found in m.findall(loop, _TARGETS))


def _position(position: CodePosition) -> tuple[int, int]:
    return position.line, position.column

"""Functions that see the last value of a loop: `[lambda: i for i in range(3)]`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst
from libcst.metadata import CodePosition, CodeRange, PositionProvider

from pytest_orchestrator.api.patterns import Binding, Linter, Scope, dotted_name, read_scopes

_Function = cst.FunctionDef | cst.Lambda
_COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)
_CALL_AT_ONCE = frozenset({"filter", "map", "reduce", "functools.reduce"})


class LoopVariableClosure(Linter):
    """Report what a function made in a loop reads late, of all that the loop binds anew each time round."""

    def __init__(self) -> None:
        super().__init__()
        self._names: Mapping[cst.Name, Scope] = {}
        self._loops: Mapping[cst.For | cst.While, Scope] = {}
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

    def visit_Return(self, node: cst.Return) -> None:
        """A function that is returned ends the loop."""
        if isinstance(node.value, cst.Lambda):
            self._used_at_once.add(node.value)

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
        function = _outermost_function(scope, owner)
        if function is None or function in self._used_at_once:
            return False
        if isinstance(owner.node, _COMPREHENSIONS):
            return True
        loops = [loop for loop, around in self._loops.items() if around is owner and self._holds(loop.body, function)]
        if not loops:
            return False  # asking what binds the name has the engine read all of the file, for most names in vain
        changes = _changes(owner.bindings(name.value))
        return not any(self._holds(function, change) for change in changes) and any(
            self._binds(loop, changes) for loop in loops
        )

    def _binds(self, loop: cst.For | cst.While, changes: Sequence[cst.CSTNode]) -> bool:
        return any(change is loop or self._holds(loop.body, change) for change in changes)

    def _holds(self, outer: cst.CSTNode, inner: cst.CSTNode) -> bool:
        around, within = (self.get_metadata(PositionProvider, node) for node in (outer, inner))
        assert isinstance(around, CodeRange)  # noqa: S101 - the provider gives nothing else
        assert isinstance(within, CodeRange)  # noqa: S101
        return _position(around.start) <= _position(within.start) and _position(within.end) <= _position(around.end)


def _changes(bindings: Sequence[Binding]) -> Sequence[cst.CSTNode]:
    """What gives a variable its values. Functions and classes call themselves and each other in one turn of a loop."""
    nodes = [binding.node for binding in bindings if binding.imported is None]
    return [node for node in nodes if not isinstance(node, cst.FunctionDef | cst.ClassDef)]


def _outermost_function(scope: Scope, owner: Scope) -> _Function | None:
    """The function between a variable and where it is read: the one that the owner's code makes."""
    found: _Function | None = None
    inner: Scope | None = scope
    while inner is not None and inner is not owner:  # no mutate: the owner is one of the scopes around
        if isinstance(inner.node, _Function):
            found = inner.node
        inner = inner.parent
    return found


def _position(position: CodePosition) -> tuple[int, int]:
    return position.line, position.column

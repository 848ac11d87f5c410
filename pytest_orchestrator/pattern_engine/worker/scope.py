"""One scope of a file: the names that it binds, and what a name means there."""

from __future__ import annotations

import builtins
import unicodedata
from collections.abc import Sequence

import libcst as cst

STAR = "*"
"""The name of star imports among a scope's bindings: `scope.module.bindings(STAR)`. They may bind any name."""


class Binding:
    """One binding of a name: an assignment, definition, parameter, import, pattern, or `del`.

    `imported` is the full name of what an import binds: `datetime.datetime`, `.sibling.name`; None for other bindings.
    `is_caught` says that an `except` binds the name.
    """

    def __init__(self, node: cst.CSTNode | None, *, imported: str | None = None, is_caught: bool = False) -> None:
        self._node = node
        self.imported = imported
        self.is_caught = is_caught

    @property
    def node(self) -> cst.CSTNode:
        """The node that binds: a definition, parameter, target, import alias, or pattern.

        If it is outside of the slices that `within` selects, the engine runs the pattern again on the whole file.
        """
        assert self._node is not None  # noqa: S101 - subclasses for bindings outside of slices override this
        return self._node


class Scope:
    """The scope of a module, class, function, lambda or comprehension, or of type parameters (PEP 695).

    `parent` is the scope around it, None for a module. `in_loop` says that `node` is in a loop of the parent scope, so
    that it may be made several times. Names are as written: `__private` ones in a class are not mangled.
    """

    def __init__(
        self, node: cst.CSTNode | None, parent: Scope | None, *, kind: type[cst.CSTNode], in_loop: bool = False
    ) -> None:
        self._node = node
        self._kind = kind
        self.parent = parent
        self.in_loop = in_loop
        self._module = None if parent is None else parent.module
        self._bindings: dict[str, list[Binding]] = {}
        self._globals: set[str] = set()

    @property
    def node(self) -> cst.CSTNode:
        """The node that opens the scope: a module, class, function, lambda, comprehension, or `TypeParameters`."""
        assert self._node is not None  # noqa: S101 - subclasses for scopes outside of slices override this
        return self._node

    @property
    def is_comprehension(self) -> bool:
        """Whether the scope is that of a list, set or dict comprehension or of a generator expression."""
        return issubclass(self._kind, cst.BaseComp)

    @property
    def module(self) -> Scope:
        """The scope of the whole file."""
        return self if self._module is None else self._module

    def bindings(self, name: str) -> Sequence[Binding]:
        """The bindings of `name` in this scope itself, in the order of the text; empty when there are none."""
        return self._bindings.get(_normal(name), ())

    def owner(self, name: str) -> Scope | None:
        """The scope that binds `name` when it is read here; None when no scope of the file does, as for a builtin."""
        name = _normal(name)
        scope: Scope | None = self
        visible = True
        while scope is not None:
            if visible or not issubclass(scope._kind, cst.ClassDef):
                if name in scope._globals:
                    return self.module if self.module.bindings(name) else None
                if name in scope._bindings:
                    return scope
            # Names of a class are visible in its own body and in type parameters directly in it, and nowhere else.
            visible = issubclass(scope._kind, cst.TypeParameters)
            scope = scope.parent
        return None

    def nonlocal_owner(self, name: str) -> Scope | None:
        """The scope whose variable `nonlocal name` means here: Python itself binds `__class__` in each class."""
        owner = self.owner(name)
        if owner is not None or name != "__class__":
            return owner
        scope: Scope | None = self
        while scope is not None and not issubclass(scope._kind, cst.ClassDef):
            scope = scope.parent
        return scope

    def resolve(self, name: str) -> Sequence[Binding]:
        """The bindings of the variable that `name` means when it is read here; empty when the file does not bind it."""
        owner = self.owner(name)
        return () if owner is None else owner.bindings(name)

    def is_builtin(self, name: str) -> bool:
        """Whether `name` certainly means Python's builtin: the file does not bind it and has no star import."""
        return hasattr(builtins, name) and self.owner(name) is None and not self.module.bindings(STAR)

    def is_exception(self, name: str) -> bool:
        """Whether only `except` clauses bind `name` here."""
        owner = self.owner(name)
        if owner is None or issubclass(owner._kind, cst.ClassDef) or owner.bindings(STAR):
            return False
        return all(binding.is_caught for binding in owner.bindings(name))

    def qualified_name(self, expression: cst.BaseExpression) -> str | None:
        """The full dotted name of what a name or attribute means: `datetime.datetime.now`, `builtins.len`.

        None when that is uncertain: the file defines or rebinds the name, or imports several things under it.
        """
        names = self.qualified_names(expression)
        return next(iter(names)) if len(names) == 1 else None

    def qualified_names(self, expression: cst.BaseExpression) -> frozenset[str]:
        """The full dotted names that a name or attribute may mean, where several imports bind one name.

        Empty when it may also mean something that is not imported.
        """
        head, dot, rest = (dotted_name(expression) or "").partition(".")
        if head and self.is_builtin(head):
            return frozenset([f"builtins.{head}{dot}{rest}"])
        origins = {binding.imported for binding in self.resolve(head)}
        return frozenset() if None in origins else frozenset(f"{origin}{dot}{rest}" for origin in origins)

    def add(self, name: str, binding: Binding) -> None:
        """Add a binding of `name` to this scope, or to the module's where the name is declared `global`."""
        scope = self.module if _normal(name) in self._globals else self
        scope._note(_normal(name), binding)

    def _note(self, name: str, binding: Binding) -> None:
        self._bindings.setdefault(name, []).append(binding)

    def declare_global(self, name: str) -> None:
        """Note that `global name` stands in this scope."""
        self._globals.add(_normal(name))


def _normal(name: str) -> str:
    """The name in Python's normal form (NFKC): full-width letters and the like become plain ones."""
    return name if name.isascii() else unicodedata.normalize("NFKC", name)


def is_none(value: cst.BaseExpression) -> bool:
    """Whether the expression is the literal `None`."""
    return isinstance(value, cst.Name) and value.value == "None"


def dotted_name(expression: cst.BaseExpression) -> str | None:
    """`a.b.c` for a name or for attributes of a name; None for any other expression."""
    match expression:
        case cst.Name():
            return expression.value
        case cst.Attribute():
            value = dotted_name(expression.value)
            return None if value is None else f"{value}.{expression.attr.value}"
        case _:
            return None

"""One scope of a file: the names that it binds, and what a name means when it is read there."""

from __future__ import annotations

import builtins
import unicodedata
from collections.abc import Sequence

import libcst as cst

STAR = "*"
"""The name under which a module's scope holds its star imports, which may bind anything."""


class Binding:
    """One place that gives a name a value, or takes it away (`del`).

    `imported` is what an import binds the name to: `datetime.datetime`, `.sibling.name`. `is_caught` says that an
    `except` binds it.
    """

    def __init__(self, node: cst.CSTNode | None, *, imported: str | None = None, is_caught: bool = False) -> None:
        self._node = node
        self.imported = imported
        self.is_caught = is_caught

    @property
    def node(self) -> cst.CSTNode:
        """The definition, parameter, target, import alias or pattern that binds."""
        assert self._node is not None  # noqa: S101 - only bindings out of sight have none
        return self._node


class Scope:
    """A region of the file with names of its own.

    `node` is the module, class, function, lambda or comprehension; for the scope of a definition's type parameters
    (PEP 695) it is their `TypeParameters`. `in_loop` says that `node` stands in a loop of its parent scope, so that
    there may be several of it, one after the other. Names are as written: `__private` ones in a class are not mangled.
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
        """What opens the scope."""
        assert self._node is not None  # noqa: S101 - only scopes out of sight have none
        return self._node

    @property
    def is_comprehension(self) -> bool:
        """Whether the scope is that of a list, set, dict or generator in brackets."""
        return issubclass(self._kind, cst.BaseComp)

    @property
    def module(self) -> Scope:
        """The scope of the whole file."""
        return self if self._module is None else self._module

    def bindings(self, name: str) -> Sequence[Binding]:
        """All that binds `name` in this very scope, wherever in the file it is written."""
        return self._bindings.get(_normal(name), ())

    def owner(self, name: str) -> Scope | None:
        """The scope whose variable `name` means when it is read here. None: a builtin, or nothing we can see."""
        name = _normal(name)
        scope: Scope | None = self
        visible = True
        while scope is not None:
            if visible or not issubclass(scope._kind, cst.ClassDef):
                if name in scope._globals:
                    return self.module if self.module.bindings(name) else None
                if name in scope._bindings:
                    return scope
            # What a class binds is seen by its own body, and by type parameters directly in it, and by no one else.
            visible = issubclass(scope._kind, cst.TypeParameters)
            scope = scope.parent
        return None

    def resolve(self, name: str) -> Sequence[Binding]:
        """All that binds the variable that `name` means when it is read here."""
        owner = self.owner(name)
        return () if owner is None else owner.bindings(name)

    def is_builtin(self, name: str) -> bool:
        """Whether `name` certainly means Python's builtin: nothing in the file binds it, and no star import may."""
        return hasattr(builtins, name) and self.owner(name) is None and not self.module.bindings(STAR)

    def is_exception(self, name: str) -> bool:
        """Whether `name` can mean nothing but what an `except` has caught."""
        owner = self.owner(name)
        if owner is None or issubclass(owner._kind, cst.ClassDef) or owner.bindings(STAR):
            return False
        return all(binding.is_caught for binding in owner.bindings(name))

    def qualified_name(self, expression: cst.BaseExpression) -> str | None:
        """The full dotted name of what a name or attribute means, when it is certain: `datetime.datetime.now`,
        `builtins.len`. None when the file itself defines it, rebinds it, or imports several things under one name.
        """
        names = self.qualified_names(expression)
        return next(iter(names)) if len(names) == 1 else None

    def qualified_names(self, expression: cst.BaseExpression) -> frozenset[str]:
        """The full dotted names of all that a name or attribute may mean, when the file imports several things under
        one name. Empty when it may also be something else.
        """
        head, dot, rest = (dotted_name(expression) or "").partition(".")
        if head and self.is_builtin(head):
            return frozenset([f"builtins.{head}{dot}{rest}"])
        origins = {binding.imported for binding in self.resolve(head)}
        return frozenset() if None in origins else frozenset(f"{origin}{dot}{rest}" for origin in origins)

    def add(self, name: str, binding: Binding) -> None:
        """Note that `binding` binds `name` here, or in the module where the name was declared global."""
        scope = self.module if _normal(name) in self._globals else self
        scope._note(_normal(name), binding)

    def _note(self, name: str, binding: Binding) -> None:
        self._bindings.setdefault(name, []).append(binding)

    def declare_global(self, name: str) -> None:
        """Note that `name` means the module's variable here."""
        self._globals.add(_normal(name))


def _normal(name: str) -> str:
    """The name as Python knows it: letters of other widths and the like are the plain ones."""
    return name if name.isascii() else unicodedata.normalize("NFKC", name)


def is_none(value: cst.BaseExpression) -> bool:
    """Whether the expression is `None`, spelt out."""
    return isinstance(value, cst.Name) and value.value == "None"


def dotted_name(expression: cst.BaseExpression) -> str | None:
    """`a.b.c` of a name or of an attribute of one, else None."""
    match expression:
        case cst.Name():
            return expression.value
        case cst.Attribute():
            value = dotted_name(expression.value)
            return None if value is None else f"{value}.{expression.attr.value}"
        case _:
            return None

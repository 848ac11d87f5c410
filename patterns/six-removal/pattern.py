"""`six.text_type` -> `str`, and so on: names and calls of six, replaced by those of Python 3.

A name may change when it certainly is six's, and its replacement certainly is Python's builtin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import libcst as cst
from libcst import matchers as m
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand

from pytest_orchestrator.api.codemods import called_builtin, remove_unused_imports
from pytest_orchestrator.api.patterns import STAR, Scope, dotted_name, read_scopes

from .calls import as_literal, as_method_call, as_raise, is_raise, iterated, values
from .classes import has_added_metaclass, has_temporary_base, with_added_metaclass, with_bases_of_call
from .names import BUILTINS, ITERATORS, MODULES, TUPLES, VIEWS

_SELF_DOCUMENTING = m.FormattedStringExpression(equal=m.AssignEqual())  # f"{...=}" prints its own source
_MARK = "_nothing_needs_this_"
_Edit = Callable[[Any], cst.CSTNode]


class SixRemoval(VisitorBasedCodemodCommand):
    """Replace names and calls of six by those of Python 3."""

    DESCRIPTION = "Replace names and calls of six by those of Python 3."

    def __init__(self, context: CodemodContext) -> None:
        super().__init__(context)
        self._edits: dict[cst.CSTNode, _Edit] = {}
        self._marked: set[cst.ImportAlias] = set()
        self._left: set[str] = set()

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        """Rewrite what is six's, then drop the imports that it alone needed."""
        result = super().transform_module_impl(tree)
        if not self._edits:
            return result
        marks = {_MARK + alias.evaluated_name for alias in self._marked}
        result = remove_unused_imports(result, self._left | marks, self.context.filename)
        return result.visit(_Unmarked()) if marks else result

    def visit_Module(self, node: cst.Module) -> bool:
        """Find all that is six's first: a name may be bound again further down."""
        reader = _Reader(node)
        if reader.can_be_read:
            self._edits = dict(reader.edits())
            self._left, self._marked = reader.left, reader.shadowing
        return bool(self._edits)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        return self._edited(original_node, updated_node)

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:
        return self._edited(original_node, updated_node)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        return self._edited(original_node, updated_node)

    def leave_Expr(self, original_node: cst.Expr, updated_node: cst.Expr) -> cst.BaseSmallStatement:
        return self._edited(original_node, updated_node)

    def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> cst.ClassDef:
        return self._edited(original_node, updated_node)

    def leave_ImportFrom(self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom) -> cst.ImportFrom:
        return self._edited(original_node, updated_node)

    def leave_ImportAlias(self, original_node: cst.ImportAlias, updated_node: cst.ImportAlias) -> cst.ImportAlias:
        """Let what has the name of a builtin bind another name, so that it can be seen that nothing needs it."""
        if original_node not in self._marked:
            return updated_node
        return updated_node.with_changes(asname=cst.AsName(cst.Name(_MARK + original_node.evaluated_name)))

    def _edited(self, original: cst.CSTNode, updated: cst.CSTNode) -> Any:
        edit = self._edits.get(original)
        return updated if edit is None else edit(updated)


class _Unmarked(cst.CSTTransformer):
    """Gives the marked imports that had to stay their names back."""

    def leave_ImportAlias(self, original_node: cst.ImportAlias, updated_node: cst.ImportAlias) -> cst.ImportAlias:
        is_marked = (original_node.evaluated_alias or "").startswith(_MARK)
        return updated_node.with_changes(asname=None) if is_marked else updated_node


class _Reader:
    """Finds what is to be changed in a module. `left` are the imported names that may not be needed any more."""

    def __init__(self, module: cst.Module) -> None:
        self.left: set[str] = set()
        self.shadowing: set[cst.ImportAlias] = set()
        self._module = module
        self._attributes = read_scopes(module, cst.Attribute)
        self._calls = read_scopes(module, cst.Call)
        self._strings = {
            node.raw_value for node in m.findall(module, m.SimpleString()) if isinstance(node, cst.SimpleString)
        }
        self._iterated = set(iterated(module))
        self._kept = self._nodes_to_keep()

    @property
    def can_be_read(self) -> bool:
        """Whether no star import may bind any name."""
        scopes = read_scopes(self._module, cst.BaseSmallStatement).values()  # type: ignore[type-abstract]
        return not any(scope.module.bindings(STAR) for scope in list(scopes)[:1])

    def edits(self) -> Iterator[tuple[cst.CSTNode, _Edit]]:
        """The nodes to be changed, each with what makes the new one."""
        for call, scope in self._calls.items():
            if call not in self._kept:
                yield from self._call(call, scope)
        for definition, scope in read_scopes(self._module, cst.ClassDef).items():
            yield from self._class(definition, scope)
        for statement, scope in read_scopes(self._module, cst.Expr).items():
            if is_raise(statement, scope, self._module) and not self._has_comment(statement):
                self._note(cst.ensure_type(statement.value, cst.Call).func)
                yield statement, as_raise
        for name, scope in [*read_scopes(self._module, cst.Name).items(), *self._attributes.items()]:
            if name not in self._kept:
                yield from self._name(name, scope)
        for statement in read_scopes(self._module, cst.ImportFrom):
            module = dotted_name(statement.module) if statement.module and not statement.relative else None
            if module in MODULES:
                yield statement, partial(_import_from, MODULES[module])

    def _nodes_to_keep(self) -> set[cst.CSTNode]:
        """The nodes that look like expressions and name something else, and those whose source is printed."""
        kept: set[cst.CSTNode] = {attribute.attr for attribute in self._attributes}
        kept.update(arg.keyword for arg in read_scopes(self._module, cst.Arg) if arg.keyword)
        for found in m.findall(self._module, m.NameItem() | m.MatchKeywordElement() | _SELF_DOCUMENTING):
            kept.update(m.findall(found, m.Name() | m.Attribute() | m.Call()))
        return kept

    def _call(self, call: cst.Call, scope: Scope) -> Iterator[tuple[cst.CSTNode, _Edit]]:
        name = scope.qualified_name(call.func) or ""
        if self._has_comment(call):
            return
        if called_builtin(call, scope) in {"isinstance", "issubclass"} and values(call, 2):
            kinds = call.args[1].value
            builtin = TUPLES.get(scope.qualified_name(kinds) or "")
            if builtin and scope.is_builtin(builtin) and kinds not in self._kept:
                self._kept.add(kinds)
                self._note(kinds)
                yield kinds, partial(_renamed, builtin)
        method = ITERATORS.get(name) or VIEWS.get(name)
        if method and values(call, 1) and not isinstance(call.args[0].value, cst.GeneratorExp):
            make_iterator = name in ITERATORS and call not in self._iterated
            if not make_iterator or scope.is_builtin("iter"):
                self._note(call.func)
                yield call, partial(as_method_call, method=method, make_iterator=make_iterator)
        if name in {"six.b", "six.u"} and (literal := as_literal(call, "b" if name == "six.b" else "")):
            self._note(call.func)
            yield call, lambda _: literal

    def _class(self, definition: cst.ClassDef, scope: Scope) -> Iterator[tuple[cst.CSTNode, _Edit]]:
        parts = (*definition.decorators[-1:], *definition.bases, definition.rpar)
        if any("#" in self._module.code_for_node(part) for part in parts if isinstance(part, cst.CSTNode)):
            return
        if has_added_metaclass(definition, scope):
            self._note(cst.ensure_type(definition.decorators[-1].decorator, cst.Call).func)
            yield definition, with_added_metaclass
        elif has_temporary_base(definition, scope):
            self._note(cst.ensure_type(definition.bases[0].value, cst.Call).func)
            yield definition, with_bases_of_call

    def _name(self, name: cst.Name | cst.Attribute, scope: Scope) -> Iterator[tuple[cst.CSTNode, _Edit]]:
        full = scope.qualified_name(name) or ""
        if not full.startswith("six."):
            return
        builtin = BUILTINS.get(full) or TUPLES.get(full)
        if builtin is None:
            return
        import_ = _import_of(builtin, scope)
        if import_ is not None and builtin not in self._strings:
            self.shadowing.add(import_)
        elif import_ is None and not scope.is_builtin(builtin):
            return
        self._note(name)
        yield name, partial(_as_tuple if full in TUPLES else _renamed, builtin)

    def _note(self, used: cst.BaseExpression) -> None:
        """Note that the import that `used` begins with has lost a use."""
        self.left.add((dotted_name(used) or "").partition(".")[0])

    def _has_comment(self, node: cst.CSTNode) -> bool:
        return "#" in self._module.code_for_node(node)


def _import_of(builtin: str, scope: Scope) -> cst.ImportAlias | None:
    """The one import of `six.moves` that stands in the way of the builtin itself."""
    if scope.qualified_name(cst.Name(builtin)) != f"six.moves.{builtin}" or scope.owner(builtin) is not scope.module:
        return None
    nodes = [binding.node for binding in scope.resolve(builtin)]
    alias = nodes[0] if len(nodes) == 1 else None
    return alias if isinstance(alias, cst.ImportAlias) and alias.asname is None else None


def _renamed(name: str, old: cst.Name | cst.Attribute) -> cst.Name:
    return cst.Name(name, lpar=old.lpar, rpar=old.rpar)


def _as_tuple(name: str, old: cst.Name | cst.Attribute) -> cst.Tuple:
    element = cst.Element(cst.Name(name), comma=cst.Comma())
    return cst.Tuple([element], lpar=[*old.lpar, cst.LeftParen()], rpar=[cst.RightParen(), *old.rpar])


def _import_from(module: str, statement: cst.ImportFrom) -> cst.ImportFrom:
    first, *rest = module.split(".")
    name: cst.Name | cst.Attribute = cst.Name(first)
    for part in rest:
        name = cst.Attribute(name, cst.Name(part))
    return statement.with_changes(module=name)

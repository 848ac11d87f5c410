"""The base class of codemods that replace types by equivalent ones wherever a file uses them as types."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import libcst as cst
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand

from pytest_orchestrator.pattern_engine.worker.authoring.annotations import (
    ModuleTypes,
    TypeExpression,
    read_as_types,
    typing_name,
)
from pytest_orchestrator.pattern_engine.worker.authoring.imports import remove_unused_imports
from pytest_orchestrator.pattern_engine.worker.scope import dotted_name

_Node = TypeVar("_Node", bound=cst.CSTNode)
# typing's generics and unions that have an equivalent outside of it. If a file uses one as an object, all of them stay.
_REPLACEABLE = frozenset(
    f"typing.{name}"
    for name in (
        *("DefaultDict", "Deque", "Dict", "FrozenSet", "List", "Optional", "Set", "Tuple", "Type", "Union"),
        *("ChainMap", "Counter", "OrderedDict"),
    )
)


class TypeCodemod(VisitorBasedCodemodCommand):
    """Rewrites type expressions, and removes the imports that are then unused.

    Subclasses set `names` and define `may_rewrite` and `change`; they call `note_replaced` for each name that they
    replace. The new type is equivalent, but it is another object. So a file is left as it is when it inspects types at
    run time, imports a package that reads annotations then, or uses one of `names`, or of typing's other generics and
    unions, for anything but a type: `field.type is List[int]`. So all types of a file are rewritten, or none.

    With the parameter `runtime_annotations="safe"` files are rewritten that import such packages, or have types in
    keyword arguments: `response_model=List[int]`. An example::

        class BuiltinList(TypeCodemod):
            names = frozenset({"typing.List"})

            def may_rewrite(self, expression):
                return True

            def change(self, part, expression):
                if typing_name(part, expression.scope) != "typing.List":
                    return part
                self.note_replaced(part)
                return cst.Name("list")
    """

    names: frozenset[str] = frozenset()
    """The qualified names of the types that are replaced, such as `typing.List`."""

    def __init__(self, context: CodemodContext, runtime_annotations: str = "unknown") -> None:
        super().__init__(context)
        self.types: ModuleTypes
        self._is_reading_safe = runtime_annotations == "safe"
        self._rewritten: dict[cst.BaseExpression, cst.BaseExpression] = {}
        self._lines: Mapping[cst.SimpleStatementLine, Sequence[cst.SimpleStatementLine]] = {}
        self._replaced: set[str] = set()

    def may_rewrite(self, expression: TypeExpression) -> bool:
        """Whether this type expression may be rewritten at all. Subclasses must define it."""
        raise NotImplementedError

    def change(self, part: cst.BaseExpression, expression: TypeExpression) -> cst.BaseExpression:
        """The replacement of a name, attribute, subscript or `|` in the expression; `part` itself to keep it.

        The parts of `part` are rewritten already. Subclasses must define it.
        """
        raise NotImplementedError

    def change_lines(
        self,
        module: cst.Module,  # noqa: ARG002 - for subclasses
    ) -> Mapping[cst.SimpleStatementLine, Sequence[cst.SimpleStatementLine]]:
        """Lines of the module, such as imports, and those that take their place. It is asked where types may change."""
        return {}

    def note_replaced(self, name: cst.BaseExpression) -> None:
        """Note that this use of a name or attribute is gone, so that its import is removed after the last one."""
        self._replaced.add((dotted_name(name) or "").partition(".")[0])

    def visit_Module(self, node: cst.Module) -> bool:
        """Rewrite the types of the whole module: only then is it known whether a name is used for anything else."""
        self.types = ModuleTypes(node, self.context.filename)
        if not self._has_meaning_at_runtime():
            for expression in self.types.expressions:
                rewritten = self._rewrite(expression) if self.may_rewrite(expression) else expression.node
                if rewritten is not expression.node:
                    self._rewritten[expression.node] = rewritten
            self._lines = self.change_lines(node)
        return bool(self._rewritten or self._lines)

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.SimpleStatementLine]:
        """Insert the lines that take its place."""
        new = self._lines.get(original_node, ())
        return cst.FlattenSentinel(new) if new else updated_node

    def leave_Annotation(self, original_node: cst.Annotation, updated_node: cst.Annotation) -> cst.Annotation:
        """Insert the rewritten type."""
        new = self._rewritten.get(original_node.annotation)
        return updated_node if new is None else updated_node.with_changes(annotation=new)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        """Insert the rewritten type."""
        new = self._rewritten.get(original_node.func)
        return updated_node if new is None else updated_node.with_changes(func=new)

    def _leave_value(self, original_node: cst.CSTNode, updated_node: _Node) -> _Node:
        """Insert the rewritten type."""
        new = self._rewritten.get(original_node.value)  # type: ignore[attr-defined] # all of the nodes below have one
        return updated_node if new is None else updated_node.with_changes(value=new)

    leave_Arg = leave_Assign = leave_AnnAssign = _leave_value  # noqa: N815 - LibCST's names
    leave_Element = leave_DictElement = leave_TypeAlias = _leave_value  # noqa: N815

    def leave_Module(self, original_node: cst.Module, updated_node: cst.Module) -> cst.Module:  # noqa: ARG002
        """Remove the imports that are unused now."""
        if not self._rewritten:
            return updated_node
        return remove_unused_imports(updated_node, self._replaced, self.context.filename)

    def _has_meaning_at_runtime(self) -> bool:
        """Whether something may notice that a type is another object."""
        keeps = self.names | _REPLACEABLE
        return (
            self.types.are_inspected_at_runtime()
            or (not self._is_reading_safe and self.types.are_read_by_imports())
            or any(
                self.types.used_as_objects(
                    lambda node, scope: typing_name(node, scope) in keeps, keywords=not self._is_reading_safe
                )
            )
        )

    def _rewrite(self, expression: TypeExpression) -> cst.BaseExpression:
        """The expression with its parts changed, innermost first; the same node when nothing changes."""

        def part(inner: cst.BaseExpression) -> cst.BaseExpression:
            return self._rewrite(replace(expression, node=inner))

        match expression.node:
            case cst.SimpleString() as node:
                return self._rewrite_string(node, expression)
            case cst.Name() | cst.Attribute() as node:
                return self.change(node, expression)
            case cst.Subscript() as node:
                types = read_as_types(node, expression.scope)
                items = [
                    _changed(item, slice=_changed(item.slice, value=part(item.slice.value)))
                    if item in types and isinstance(item.slice, cst.Index)
                    else item
                    for item in node.slice
                ]
                return self.change(_changed(node, value=part(node.value), slice=items), expression)
            case cst.BinaryOperation(operator=cst.BitOr()) as node:
                return self.change(_changed(node, left=part(node.left), right=part(node.right)), expression)
            case cst.List() | cst.Tuple() as node:
                return _changed(node, elements=[_changed(item, value=part(item.value)) for item in node.elements])
            case _:
                return expression.node

    def _rewrite_string(self, node: cst.SimpleString, expression: TypeExpression) -> cst.SimpleString:
        """A forward reference, rewritten where its source is the same as its text."""
        inner = parse_forward_reference(node)
        if inner is None:
            return node
        rewritten = self._rewrite(replace(expression, node=inner, evaluated=False))
        new = node.value if rewritten is inner else f"{node.quote}{source_of(rewritten)}{node.quote}"
        return _changed(node, value=new)


def parse_forward_reference(string: cst.SimpleString) -> cst.BaseExpression | None:
    """The expression in a string, such as a forward reference.

    None where the text is no expression, has several lines or a backslash, or where the string has a prefix.
    """
    text = string.raw_value
    if string.prefix or any(character in text for character in "\\\r\n\f"):
        return None
    try:
        expression = cst.parse_expression(text)
    except Exception:  # LibCST raises several kinds of errors
        return None
    return expression if source_of(expression) == text else None


def source_of(expression: cst.BaseExpression) -> str:
    """The source of an expression, without regard to a module's indentation or line ends."""
    return cst.Module(body=()).code_for_node(expression)


def _changed(node: _Node, **changes: object) -> _Node:
    """The node with these fields; the node itself when nothing changes."""
    same = all(_is_same(getattr(node, name), value) for name, value in changes.items())
    return node if same else node.with_changes(**changes)


def _is_same(old: object, new: object) -> bool:
    if isinstance(old, list | tuple) and isinstance(new, list | tuple):
        return len(old) == len(new) and all(map(operator.is_, old, new))
    return old is new

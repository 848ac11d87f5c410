"""A file's module, class and function scopes, read from the tree of Python's own parser in a tenth of LibCST's time.

They give the same answers as scopes that are read from LibCST's tree of the whole file. LibCST parses the header of a
definition when its node is asked for. What only the whole file can tell raises `WholeFileNeeded`.
"""

from __future__ import annotations

import ast
import dataclasses
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, TypeVar

import libcst as cst

from pytest_orchestrator.pattern_engine.worker.scope import STAR, Binding, Scope
from pytest_orchestrator.pattern_engine.worker.slicing.statements import first_line, last_line, lines_of

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Loop = (ast.For, ast.AsyncFor, ast.While)
_Node = TypeVar("_Node", bound=cst.CSTNode)


class WholeFileNeeded(BaseException):
    """A pattern that runs on slices of a file asked for something that the slices don't hold."""


class Outline:
    """The scopes of one file, read when one of them is first asked for."""

    def __init__(self, tree: ast.Module, data: bytes) -> None:
        self._tree = tree
        self._data = data
        self._headers: dict[Definition, cst.FunctionDef | cst.ClassDef] = {}
        self._bound: list[OutlinedBinding] = []
        self.slice_lines = (0, 0)
        """The first and last line of the slice whose scopes are being read from LibCST's tree."""

    def scope_within(self, around: Sequence[ast.stmt]) -> tuple[Scope, int]:
        """The scope of a statement that is within these compound statements, and the number of its loops there."""
        scope, loops = self._reading.scopes[None], 0
        for statement in around:
            if isinstance(statement, Definition):
                scope, loops = self._reading.scopes[statement], 0
            else:
                loops += isinstance(statement, _Loop)
        return scope, loops

    def header(self, definition: Definition) -> cst.FunctionDef | cst.ClassDef:
        """The definition as LibCST's node. Its body raises `WholeFileNeeded`, unless a slice holds the definition."""
        if definition not in self._headers:
            self._headers[definition] = self._parsed(definition)
        return self._headers[definition]

    def bind_node(self, binding: OutlinedBinding, node: cst.CSTNode) -> None:
        """Note that `node` of LibCST's tree makes the binding."""
        binding.slice_node = node
        self._bound.append(binding)
        if binding.definition is not None:
            assert isinstance(node, cst.FunctionDef | cst.ClassDef)  # noqa: S101 - both are on the same line
            self._headers[binding.definition] = node

    def forget_nodes(self) -> None:
        """Forget the nodes of LibCST's tree: another tree is read from now on."""
        for binding in self._bound:
            binding.slice_node = None
        self._bound.clear()
        self._headers.clear()

    def imports(self) -> frozenset[tuple[str, str]]:
        """The names that imports bind in any of the file's scopes, each with the full name of what it imports."""
        return frozenset(pair for scope in self._reading.scopes.values() for pair in scope.imports() if pair[0] != STAR)

    @cached_property
    def _reading(self) -> _Reading:
        return _Reading(self, self._tree, self._data)

    def _parsed(self, definition: Definition) -> cst.FunctionDef | cst.ClassDef:
        lines = lines_of(self._data)
        first, last = lines.header(definition) or (first_line(definition), last_line(definition))
        start, end = lines.offsets(first, last)
        text = self._data[start:end].decode()
        above = "if 1:\n" if text[:1] in (" ", "\t") else ""
        below = "" if last == last_line(definition) else f"\n{lines.indent(definition.body[0]).decode()}pass\n"
        try:
            statement = cst.parse_module(above + text + below).body[0]
        except cst.ParserSyntaxError as error:
            raise WholeFileNeeded from error
        node = statement.body.body[0] if above and isinstance(statement, cst.If) else statement
        if not isinstance(node, cst.FunctionDef | cst.ClassDef):
            raise WholeFileNeeded
        return _without_body(node)


class OutlinedScope(Scope):
    """The scope of a module, class or function that may be outside of the slices."""

    def __init__(
        self,
        outline: Outline,
        definition: Definition | None,
        parent: Scope | None,
        *,
        in_loop: bool = False,
    ) -> None:
        super().__init__(None, parent, kind=_kind(definition), in_loop=in_loop)
        self._outline = outline
        self._definition = definition
        self.nonlocals: set[str] = set()

    @property
    def node(self) -> cst.CSTNode:
        return _BODILESS_MODULE if self._definition is None else self._outline.header(self._definition)

    def imports(self) -> Iterator[tuple[str, str]]:
        """The names that imports bind here, each with the full name of what it imports."""
        for name, bindings in self._bindings.items():
            for binding in bindings:
                if binding.imported is not None:
                    yield name, binding.imported

    def add(self, name: str, binding: Binding) -> None:
        if name in self.nonlocals and not isinstance(binding, OutlinedBinding):
            if (owner := self.nonlocal_owner(name)) is not None:
                owner.add(name, binding)
        else:
            super().add(name, binding)

    def _note(self, name: str, binding: Binding) -> None:
        if isinstance(binding, OutlinedBinding):
            super()._note(name, binding)
            return
        first, last = self._outline.slice_lines
        for known in self.bindings(name):
            if isinstance(known, OutlinedBinding) and first <= known.line <= last and known.slice_node is None:
                self._outline.bind_node(known, binding.node)
                return
        raise WholeFileNeeded


class OutlinedBinding(Binding):
    """A binding that may be outside of the slices."""

    def __init__(
        self,
        outline: Outline,
        line: int,
        *,
        imported: str | None = None,
        definition: Definition | None = None,
        parameter: str | None = None,
    ) -> None:
        super().__init__(None, imported=imported)
        self._outline = outline
        self._parameter = parameter
        self.definition = definition
        self.line = line
        self.slice_node: cst.CSTNode | None = None

    @property
    def node(self) -> cst.CSTNode:
        if self.slice_node is not None:
            return self.slice_node
        if self.definition is None:
            raise WholeFileNeeded
        header = self._outline.header(self.definition)
        return header if self._parameter is None else _parameter(header, self._parameter)


class _Reading:
    """A file's `scopes`, that of the module under None, filled by a walk over its statements."""

    def __init__(self, outline: Outline, tree: ast.Module, data: bytes) -> None:
        self._outline = weakref.proxy(outline)  # a cycle would keep the tree until the collector comes
        self._has_walrus = b":=" in data
        self._scope = OutlinedScope(self._outline, None, None)
        self._loops = 0
        self._later: list[tuple[Scope, str, Binding]] = []
        self.scopes: dict[Definition | None, OutlinedScope] = {None: self._scope}
        self._body(tree.body)
        for scope, name, binding in self._later:  # which function around owns a nonlocal name is known only now
            if (owner := scope.nonlocal_owner(name)) is not None:
                owner.add(name, binding)

    def _body(self, statements: Sequence[ast.stmt]) -> None:
        for statement in statements:
            if self._has_walrus:
                self._walruses(statement)
            handler = _HANDLERS.get(type(statement))
            if handler is not None:
                handler(self, statement)

    def _bind(self, name: str, binding: OutlinedBinding) -> None:
        if name in self._scope.nonlocals:
            self._later.append((self._scope, name, binding))
        else:
            self._scope.add(name, binding)

    def _targets(self, targets: Sequence[ast.expr | None]) -> None:
        for target in targets:
            for name in _names(target):
                self._bind(name.id, OutlinedBinding(self._outline, name.lineno))

    def definition(self, node: Definition) -> None:
        if getattr(node, "type_params", None):
            raise WholeFileNeeded  # type parameters have a scope of their own
        self._bind(node.name, OutlinedBinding(self._outline, node.lineno, definition=node))
        before = self._scope, self._loops
        self._scope, self._loops = OutlinedScope(self._outline, node, self._scope, in_loop=self._loops > 0), 0
        self.scopes[node] = self._scope
        if not isinstance(node, ast.ClassDef):
            for argument in _arguments(node.args):
                binding = OutlinedBinding(self._outline, argument.lineno, definition=node, parameter=argument.arg)
                self._scope.add(argument.arg, binding)
        self._body(node.body)
        self._scope, self._loops = before

    def type_alias(self, _: ast.stmt) -> None:
        raise WholeFileNeeded

    def assign(self, node: ast.Assign | ast.Delete) -> None:
        self._targets(node.targets)

    def assign_one(self, node: ast.AnnAssign | ast.AugAssign) -> None:
        self._targets([node.target])

    def branches(self, node: ast.If) -> None:
        self._body(node.body)
        self._body(node.orelse)

    def loop(self, node: ast.For | ast.AsyncFor | ast.While) -> None:
        if not isinstance(node, ast.While):
            self._targets([node.target])
        self._loops += 1
        self._body(node.body)
        self._body(node.orelse)
        self._loops -= 1

    def with_(self, node: ast.With | ast.AsyncWith) -> None:
        self._targets([item.optional_vars for item in node.items])
        self._body(node.body)

    def try_(self, node: ast.Try | ast.TryStar) -> None:
        self._body(node.body)
        for handler in node.handlers:
            if handler.name is not None:
                binding = OutlinedBinding(self._outline, handler.lineno)
                binding.is_caught = True
                self._bind(handler.name, binding)
            self._body(handler.body)
        self._body(node.orelse)
        self._body(node.finalbody)

    def match(self, node: ast.Match) -> None:
        for case in node.cases:
            for part in ast.walk(case.pattern):
                name = part.rest if isinstance(part, ast.MatchMapping) else getattr(part, "name", None)
                if isinstance(part, ast.pattern) and name is not None:
                    self._bind(name, OutlinedBinding(self._outline, part.lineno))
            self._body(case.body)

    def import_(self, node: ast.Import) -> None:
        for alias in node.names:
            package = alias.name.partition(".")[0]
            imported = package if alias.asname is None else alias.name
            self._bind(alias.asname or package, OutlinedBinding(self._outline, alias.lineno, imported=imported))

    def import_from(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        prefix = module if module.endswith(".") else f"{module}."
        for alias in node.names:
            if alias.name == "*":
                self._scope.add(STAR, OutlinedBinding(self._outline, alias.lineno, imported=module))
            else:
                binding = OutlinedBinding(self._outline, alias.lineno, imported=prefix + alias.name)
                self._bind(alias.asname or alias.name, binding)

    def global_(self, node: ast.Global) -> None:
        for name in node.names:
            self._scope.declare_global(name)

    def nonlocal_(self, node: ast.Nonlocal) -> None:
        self._scope.nonlocals.update(node.names)

    def _walruses(self, statement: ast.stmt) -> None:
        """Bind the targets of `:=` in the statement's own expressions, including those in comprehensions."""
        waiting = [child for child in ast.iter_child_nodes(statement) if not isinstance(child, ast.stmt)]
        while waiting:
            part = waiting.pop()
            if isinstance(part, ast.NamedExpr):
                self._targets([part.target])
            if isinstance(part, ast.Lambda):  # it has a scope of its own, but its defaults are evaluated here
                waiting += filter(None, [*part.args.defaults, *part.args.kw_defaults])
            else:
                waiting += [child for child in ast.iter_child_nodes(part) if not isinstance(child, ast.stmt)]


_HANDLERS: Mapping[type[ast.stmt], Callable[[_Reading, Any], None]] = {
    **dict.fromkeys((ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef), _Reading.definition),
    **dict.fromkeys((ast.Assign, ast.Delete), _Reading.assign),
    **dict.fromkeys((ast.AnnAssign, ast.AugAssign), _Reading.assign_one),
    **dict.fromkeys(_Loop, _Reading.loop),
    **dict.fromkeys((ast.With, ast.AsyncWith), _Reading.with_),
    **dict.fromkeys((ast.Try, ast.TryStar), _Reading.try_),
    ast.If: _Reading.branches,
    ast.Match: _Reading.match,
    ast.Import: _Reading.import_,
    ast.ImportFrom: _Reading.import_from,
    ast.Global: _Reading.global_,
    ast.Nonlocal: _Reading.nonlocal_,
    **({ast.TypeAlias: _Reading.type_alias} if hasattr(ast, "TypeAlias") else {}),  # since Python 3.12
}


def _names(target: ast.expr | None) -> Iterator[ast.Name]:
    match target:
        case ast.Name():
            yield target
        case ast.Tuple() | ast.List():
            for element in target.elts:
                yield from _names(element)
        case ast.Starred():
            yield from _names(target.value)
        case _:  # an attribute or an item: no name is bound
            return


def _arguments(arguments: ast.arguments) -> Iterator[ast.arg]:
    optional = (arguments.vararg, *arguments.kwonlyargs, arguments.kwarg)
    yield from (*arguments.posonlyargs, *arguments.args, *filter(None, optional))


def _parameter(header: cst.FunctionDef | cst.ClassDef, name: str) -> cst.Param:
    parameters = cst.ensure_type(header, cst.FunctionDef).params
    optional = (parameters.star_arg, *parameters.kwonly_params, parameters.star_kwarg)
    for parameter in (*parameters.posonly_params, *parameters.params, *optional):
        if isinstance(parameter, cst.Param) and parameter.name.value == name:
            return parameter
    raise WholeFileNeeded  # spelt in other letters that Python takes for the same name


def _kind(definition: Definition | None) -> type[cst.CSTNode]:
    if definition is None:
        return cst.Module
    return cst.ClassDef if isinstance(definition, ast.ClassDef) else cst.FunctionDef


def _without_body(node: _Node) -> _Node:
    """The same node, whose body raises `WholeFileNeeded`."""
    kind = _bodiless(type(node))
    bodiless: _Node = object.__new__(kind)
    for field in dataclasses.fields(node):
        if field.name != "body":
            object.__setattr__(bodiless, field.name, getattr(node, field.name))
    return bodiless


@cache
def _bodiless(kind: type[Any]) -> type[Any]:
    def body(_: object) -> object:
        raise WholeFileNeeded

    return type(kind.__name__, (kind,), {"body": property(body), "__module__": kind.__module__})


_BODILESS_MODULE = _without_body(cst.Module([]))

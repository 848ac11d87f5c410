"""`from collections import Mapping` -> `from collections.abc import Mapping`.

Both are the same classes as long as both modules have them: from Python 3.3 to 3.9.
"""

from __future__ import annotations

import libcst as cst
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand

from pytest_orchestrator.api.codemods import find_nodes
from pytest_orchestrator.api.patterns import Scope, dotted_name, read_scopes

from .exclusions import ExcludedNodes

_MOVED = frozenset(
    [
        *("AsyncGenerator", "AsyncIterable", "AsyncIterator", "Awaitable", "ByteString", "Callable", "Collection"),
        *(
            "Container",
            "Coroutine",
            "Generator",
            "Hashable",
            "ItemsView",
            "Iterable",
            "Iterator",
            "KeysView",
            "Mapping",
        ),
        *("MappingView", "MutableMapping", "MutableSequence", "MutableSet", "Reversible", "Sequence", "Set", "Sized"),
        "ValuesView",
    ]
)
_COMMA = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


class CollectionsAbcImport(VisitorBasedCodemodCommand):
    """Take abstract base classes from where Python 3.10 still has them."""

    DESCRIPTION = "Take abstract base classes from collections.abc."

    def __init__(self, context: CodemodContext) -> None:
        super().__init__(context)
        self._excluded: set[cst.CSTNode] = set()
        self._attributes: set[cst.Attribute] = set()
        self._imports: set[cst.ImportAlias] = set()
        self._needs_collections = False
        self._is_line = False

    def visit_Module(self, node: cst.Module) -> None:
        """Find the attributes first: what they need is imported further up."""
        exclusions = ExcludedNodes(node)
        node.visit(exclusions)
        self._excluded = exclusions.found
        if any(map(_is_patch, find_nodes(node, cst.AssignTarget))):
            return  # somebody puts the old names back
        for attribute, scope in read_scopes(node, cst.Attribute).items():
            if attribute.attr.value in _MOVED and attribute not in self._excluded:
                self._note(attribute, scope)
        moving = {attribute.value for attribute in self._attributes}
        names = read_scopes(node, cst.Name) if self._imports else ()
        self._needs_collections = any(name.value == "collections" and name not in moving for name in names)

    def _note(self, attribute: cst.Attribute, scope: Scope) -> None:
        """Note an attribute of the module `collections`, and the import that it needs."""
        if not isinstance(attribute.value, cst.Name) or attribute.value.value != "collections":
            return
        bindings = scope.resolve("collections")
        aliases = [binding.node for binding in bindings if binding.imported == "collections"]
        imported = [_module(alias) for alias in aliases]
        if len(aliases) < len(bindings) or not imported or not {"collections", "collections.abc"}.issuperset(imported):
            return
        self._attributes.add(attribute)
        if "collections.abc" not in imported:
            self._imports.update(alias for alias in aliases if isinstance(alias, cst.ImportAlias))

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:
        """Put `abc` between the module and the class."""
        if original_node not in self._attributes:
            return updated_node
        return updated_node.with_changes(value=cst.Attribute(value=updated_node.value, attr=cst.Name("abc")))

    def visit_SimpleStatementLine(self, node: cst.SimpleStatementLine) -> None:
        """Remember whether a statement has a line of its own, so that there can be another below."""
        self._is_line = len(node.body) == 1

    def visit_SimpleStatementSuite(self, node: cst.SimpleStatementSuite) -> None:  # noqa: ARG002 - LibCST's interface
        """A statement behind a colon has no line of its own."""
        self._is_line = False

    def leave_Import(self, original_node: cst.Import, updated_node: cst.Import) -> cst.Import:
        """Import `collections.abc` instead of `collections`, or on the same line."""
        if self._is_line and self._needs_collections and len(original_node.names) == 1:
            return updated_node
        names: list[cst.ImportAlias] = []
        for alias in original_node.names:
            if alias not in self._imports:
                names.append(alias)
                continue
            if self._needs_collections:
                names.append(alias.with_changes(comma=_COMMA))
            names.append(alias.with_changes(name=_abc()))
        return updated_node.with_changes(names=names)

    def leave_ImportFrom(self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom) -> cst.ImportFrom:
        """Import from `collections.abc` when that has all the names."""
        moved, unmoved = self._split_names(original_node)
        return updated_node.with_changes(module=_abc()) if moved and not unmoved else updated_node

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.SimpleStatementLine]:
        """Import from `collections.abc` on a line below."""
        match original_node.body:
            case [cst.Import(names=[alias])] if alias in self._imports and self._needs_collections:
                upper, lower = cst.Import([alias]), cst.Import([alias.with_changes(name=_abc())])
            case [cst.ImportFrom() as statement]:
                moved, unmoved = self._split_names(statement)
                if not moved or not unmoved or original_node.trailing_whitespace.comment:
                    return updated_node
                upper = statement.with_changes(names=unmoved)
                lower = statement.with_changes(names=moved, module=_abc())
            case _:
                return updated_node
        return cst.FlattenSentinel(
            [updated_node.with_changes(body=[upper]), updated_node.with_changes(body=[lower], leading_lines=())]
        )

    def _split_names(self, statement: cst.ImportFrom) -> tuple[list[cst.ImportAlias], list[cst.ImportAlias]]:
        """The names that have moved, and the others; no name has moved when the statement is excluded."""
        names = [] if isinstance(statement.names, cst.ImportStar) else list(statement.names)
        moved = [alias for alias in names if alias.evaluated_name in _MOVED]
        unmoved = [alias for alias in names if alias not in moved]
        module = statement.module
        is_ours = module is not None and dotted_name(module) == "collections" and not statement.relative
        if not is_ours or statement in self._excluded or (unmoved and "#" in cst.Module([]).code_for_node(statement)):
            return [], names
        return _with_last_comma(moved, names), _with_last_comma(unmoved, names)


def _is_patch(assigned: cst.AssignTarget) -> bool:
    return isinstance(assigned.target, cst.Attribute) and dotted_name(assigned.target.value) == "collections"


def _with_last_comma(some: list[cst.ImportAlias], names: list[cst.ImportAlias]) -> list[cst.ImportAlias]:
    """Some of the names; the last one ends as the last of all does."""
    return [*some[:-1], *(alias.with_changes(comma=names[-1].comma) for alias in some[-1:])]


def _module(alias: cst.CSTNode) -> str | None:
    """The module that is imported under its own name."""
    return alias.evaluated_name if isinstance(alias, cst.ImportAlias) and alias.asname is None else None


def _abc() -> cst.Attribute:
    return cst.Attribute(value=cst.Name("collections"), attr=cst.Name("abc"))

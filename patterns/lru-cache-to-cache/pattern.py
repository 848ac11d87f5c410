"""`@lru_cache(maxsize=None)` -> `@cache`.

`functools.cache` is defined as `lru_cache(maxsize=None)`. All there is to find out is whether the name means that, and
whether the name `cache` is free.
"""

from __future__ import annotations

import libcst as cst
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand

from pytest_orchestrator.api.codemods import add_imported_name, remove_unused_imports
from pytest_orchestrator.api.patterns import STAR, Scope, read_scopes


class LruCacheToCache(VisitorBasedCodemodCommand):
    """Use `functools.cache` where `lru_cache` has no limit."""

    DESCRIPTION = "Use functools.cache where lru_cache has no limit."

    def __init__(self, context: CodemodContext) -> None:
        super().__init__(context)
        self._caches: dict[cst.Decorator, cst.BaseExpression] = {}
        self._imports: set[cst.ImportAlias] = set()

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        """Rewrite the decorators, then drop what they alone needed."""
        result = super().transform_module_impl(tree)
        if any(isinstance(cache, cst.Name) for cache in self._caches.values()):
            return remove_unused_imports(result, ["lru_cache"], self.context.filename)
        return result

    def visit_Module(self, node: cst.Module) -> bool:
        """Find the decorators first: `cache` may be bound further down."""
        for decorator, scope in read_scopes(node, cst.Decorator).items():
            call = decorator.decorator
            if not (isinstance(call, cst.Call) and _is_without_limit(call)) or "#" in node.code_for_node(call):
                continue
            function = call.func
            if scope.qualified_name(function) != "functools.lru_cache" or scope.module.bindings(STAR):
                continue
            if isinstance(function, cst.Attribute):
                self._caches[decorator] = function.with_changes(attr=cst.Name("cache"))
            elif isinstance(function, cst.Name) and self._can_be_named(function.value, scope):
                self._caches[decorator] = function.with_changes(value="cache")
        return bool(self._caches)

    def _can_be_named(self, name: str, scope: Scope) -> bool:
        """Whether `cache` can be imported where `name` is, or is already. Notes what is to be imported."""
        if scope.owner("cache") is not None:
            return scope.qualified_name(cst.Name("cache")) == "functools.cache"
        bindings = scope.resolve(name)
        alias = bindings[0].node
        if len(bindings) != 1 or not isinstance(alias, cst.ImportAlias) or alias.asname is not None:
            return False
        self._imports.add(alias)
        return True

    def leave_Decorator(self, original_node: cst.Decorator, updated_node: cst.Decorator) -> cst.Decorator:
        """Replace the call by the short form."""
        cache = self._caches.get(original_node)
        return updated_node if cache is None else updated_node.with_changes(decorator=cache)

    def leave_ImportFrom(self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom) -> cst.ImportFrom:
        """Import `cache` beside `lru_cache`."""
        if isinstance(original_node.names, cst.ImportStar):
            return updated_node
        for before in original_node.names:
            if before in self._imports:
                return add_imported_name(updated_node, "cache", beside=before.evaluated_name)
        return updated_node


def _is_without_limit(call: cst.Call) -> bool:
    match call.args:
        case [cst.Arg(value=cst.Name(value="None"), keyword=None, star="")]:
            return True
        case [cst.Arg(value=cst.Name(value="None"), keyword=cst.Name(value="maxsize"))]:
            return True
    return False

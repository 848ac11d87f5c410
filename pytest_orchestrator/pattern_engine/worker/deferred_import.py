"""Postpones the import of LibCST's matchers, which takes as long as that of LibCST's nodes, until one is used.

`libcst.codemod` needs two base classes of `libcst.matchers`, which are in a module of their own, and two modules of
`libcst.codemod.visitors`, others of which use matchers.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.abc import Loader  # importing it takes longer than it is worth

_DEFERRED: Mapping[str, tuple[str, ...]] = {
    "libcst.matchers": ("_visitors.MatcherDecoratableTransformer", "_visitors.MatcherDecoratableVisitor"),
    "libcst.codemod.visitors": (),
}
"""The packages whose own code is run late, and what they have before: names in their modules."""

_RUNNING = threading.RLock()


def defer_matchers() -> None:
    """Have `libcst.matchers` imported when a matcher is first used. Call it before LibCST is imported."""
    sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds the deferred packages, each once; then imports are as they always are."""

    def __init__(self) -> None:
        self._left = set(_DEFERRED)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._left:
            return None
        self._left.remove(fullname)
        if not self._left:
            sys.meta_path.remove(self)
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)  # type: ignore[assignment]  # it has the methods that count
        return spec


class _Loader:
    """Makes a module whose code is not run yet."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, _: ModuleSpec) -> None:
        """An ordinary module, until it has all its attributes."""

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None  # noqa: S101 - it was made from one
        module.__spec__.loader = module.__loader__ = self._loader
        for dotted in _DEFERRED[module.__name__]:
            submodule, _, name = dotted.partition(".")
            setattr(module, name, getattr(import_module(f"{module.__name__}.{submodule}"), name))
        module.__class__ = _DeferredModule


class _DeferredModule(ModuleType):
    """A module that runs its code when it is first asked for a name that it does not have yet."""

    def __getattr__(self, name: str) -> Any:
        self._run()
        return getattr(self, name)

    def __dir__(self) -> Iterable[str]:
        self._run()
        return dir(self)

    def _run(self) -> None:
        with _RUNNING:
            if type(self) is _DeferredModule:
                self.__loader__.exec_module(self)  # type: ignore[union-attr]  # `_Loader` has set it
                self.__class__ = ModuleType  # type: ignore[assignment]  # a module like any other from now on

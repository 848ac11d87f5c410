"""Makes a pattern's linters and codemods, and runs codemods without work that LibCST repeats for each file.

The results are the same as LibCST's:

- LibCST looks at every attribute of a new command four times, to find methods decorated with matchers. Only attributes
  that the command's own class adds to LibCST's can be decorated.
- LibCST copies the tree, in case a node is in it twice. In a tree fresh from the parser no node is.
- LibCST makes every node of the tree anew. Nodes that hold no node the command has a method for can stay.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import libcst as cst
from libcst.codemod import CodemodCommand, CodemodContext, VisitorBasedCodemodCommand
from libcst.matchers import MatcherDecoratableTransformer

from pytest_orchestrator.errors import PatternError
from pytest_orchestrator.pattern_engine.trigger import ALWAYS, Trigger
from pytest_orchestrator.pattern_engine.worker.exception_report import location_of
from pytest_orchestrator.pattern_engine.worker.linter import Linter
from pytest_orchestrator.pattern_engine.worker.visiting.paths import Kind, kinds_named, paths_to

_METHOD = re.compile(r"(?:visit|leave)_([A-Za-z]+)")
_DISPATCH = frozenset({"on_visit", "on_leave", "on_visit_attribute", "on_leave_attribute", "transform_module_impl"})


@dataclass(frozen=True, kw_only=True)
class LoadedPattern:
    """A pattern's class with the values of its parameters.

    `home` is the folder of the pattern, or the file of a codemod or rule that is named by its dotted name.
    """

    id: str
    entry_class: type[CodemodCommand] | type[Linter]
    parameters: Mapping[str, Any]
    minimum_python: str
    home: Path
    trigger: Trigger = ALWAYS

    def linter(self) -> Linter:
        """A new linter for one file.

        Raises:
            PatternError: its `__init__` does not call that of `Linter`.
        """
        linter = self.linter_class(**self.parameters)
        if not hasattr(linter, "findings"):
            raise self._uninitialized("linter", fix="call super().__init__() in it")
        return linter

    @property
    def linter_class(self) -> type[Linter]:
        """The class of a linter."""
        assert issubclass(self.entry_class, Linter)  # noqa: S101 - checked when it was loaded
        return self.entry_class

    def codemod(self, context: CodemodContext) -> CodemodCommand:
        """A new codemod for one file.

        Raises:
            PatternError: its `__init__` does not call LibCST's.
        """
        assert issubclass(self.entry_class, CodemodCommand)  # noqa: S101 - checked when it was loaded
        command = construct(self.entry_class, context, self.parameters)
        if not hasattr(command, "context"):
            raise self._uninitialized("codemod", fix="call super().__init__(context) in it")
        return command

    def _uninitialized(self, kind: str, *, fix: str) -> PatternError:
        location = location_of(self.entry_class, ["__init__"], self.home)
        return PatternError(f"{location}__init__ does not initialize the {kind}", fix=fix)


def construct(
    command_class: type[CodemodCommand], context: CodemodContext, parameters: Mapping[str, Any]
) -> CodemodCommand:
    """A new command: `command_class(context, **parameters)`."""
    return _quick_class(command_class)(context, **parameters)


def prepare_class(command_class: type[CodemodCommand]) -> None:
    """Find out what `construct` and `transform` need to know of the class: once, before the first file."""
    _idle_kinds(_quick_class(command_class))


def transform(command: CodemodCommand, module: cst.Module) -> cst.Module:
    """The result of `command.transform_module` for a module fresh from the parser; `module` itself if unchanged."""
    if command.should_allow_multiple_passes():  # it compares trees, and runs on its own output
        return command.transform_module(module)
    idle = _idle_kinds(type(command))
    if idle is not None and not _shadows_dispatch(command):
        _take_short_cuts(command, idle, _attribute_methods(type(command)))
    fresh = _fresh(module)
    result = command.transform_module(fresh)
    return module if result is fresh else result


@cache
def _idle_kinds(command_class: type[CodemodCommand]) -> frozenset[Kind] | None:
    """The kinds of nodes that neither are nor can hold any that the class has methods for.

    None when the class dispatches in its own way.
    """
    if not issubclass(command_class, VisitorBasedCodemodCommand):
        return None
    kinds: set[Kind] = {cst.Module}
    for owner in _own_classes(command_class, VisitorBasedCodemodCommand):
        if _DISPATCH & vars(owner).keys():
            return None
        for name, value in vars(owner).items():
            if inspect.isfunction(value) and vars(value):
                return None  # decorated, perhaps with a matcher: those see nodes of any kind
            if match := _METHOD.match(name):
                kinds |= kinds_named([match[1]])
    return paths_to(frozenset(kinds)).idle


def _take_short_cuts(command: Any, idle: frozenset[Kind], attributes: bool) -> None:
    """Give a command without decorated methods faster dispatching methods than LibCST's."""
    methods: dict[type, Any] = {}

    def found(kind: type) -> Any:
        if kind not in methods:
            name = kind.__name__
            pair = getattr(command, f"visit_{name}", None), getattr(command, f"leave_{name}", None)
            methods[kind] = tuple(None if getattr(method, "_is_no_op", False) else method for method in pair)
        return methods[kind]

    def on_visit(node: cst.CSTNode) -> bool:
        if type(node) in idle:
            return False
        visit = found(type(node))[0]
        return visit is None or visit(node) is not False

    def on_leave(original_node: cst.CSTNode, updated_node: cst.CSTNode) -> Any:
        leave = found(type(original_node))[1]
        return updated_node if leave is None else leave(original_node, updated_node)

    def on_attribute(node: cst.CSTNode, attribute: str) -> None:
        pass

    command.on_visit, command.on_leave = on_visit, on_leave
    if not attributes:
        command.on_visit_attribute = command.on_leave_attribute = on_attribute


@cache
def _attribute_methods(command_class: type[CodemodCommand]) -> bool:
    """Whether the class has methods that are called before or after a field of a node is visited."""
    return any(
        (match := _METHOD.match(name)) and name != match[0]
        for owner in _own_classes(command_class, VisitorBasedCodemodCommand)
        for name in vars(owner)
    )


def _shadows_dispatch(command: CodemodCommand) -> bool:
    """Whether this instance got visiting methods of its own in `__init__`."""
    return any(name in _DISPATCH or _METHOD.match(name) for name in vars(command))


@cache
def _quick_class(command_class: type[CodemodCommand]) -> type[CodemodCommand]:
    """A subclass with the name of its parent, whose `dir()` lists only attributes that can be decorated.

    The class itself where there can be none.
    """
    if not issubclass(command_class, MatcherDecoratableTransformer) or "__dir__" in _names(command_class.__mro__[:-1]):
        return command_class
    names = _names(_own_classes(command_class, VisitorBasedCodemodCommand))

    def own_names(self: object) -> Iterable[str]:
        return names | vars(self).keys()

    members = {"__dir__": own_names, "__module__": command_class.__module__, "__qualname__": command_class.__qualname__}
    make: Any = type(command_class)
    try:
        quick: type[CodemodCommand] = make(command_class.__name__, (command_class,), members)
    except Exception:  # the class refuses subclasses
        return command_class
    return quick


def _own_classes(command_class: type, base: type) -> list[type]:
    """What the class adds to `base`: itself and its other ancestors."""
    return [owner for owner in command_class.__mro__ if owner not in base.__mro__]


def _names(owners: Iterable[type]) -> frozenset[str]:
    return frozenset(name for owner in owners for name in vars(owner))


class _Module(cst.Module):
    """A module in which no node is twice, so that it need not be copied."""

    def deep_clone(self) -> Self:
        return self


# Visitors look for methods by the name of the node's class.
_Module.__name__ = _Module.__qualname__ = "Module"


def _fresh(module: cst.Module) -> cst.Module:
    return _Module(**{field.name: getattr(module, field.name) for field in dataclasses.fields(module)})

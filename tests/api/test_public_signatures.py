"""The public face is closed: whatever class a public signature or attribute names, an author can import."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import sys
import textwrap
from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pytest_orchestrator import hookspecs
from tests.api.test_api import MODULES

PUBLIC = {
    name: getattr(module, name)
    for module in (importlib.import_module(f"pytest_orchestrator.api.{name}") for name in MODULES)
    for name in module.__all__
}
# Only the engine calls `Linter.reported`, and only its own linters that wrap a visitor override it.
EXCEPTIONS = {"Linter.reported: Metadata"}


def test_what_public_signatures_name_is_public() -> None:
    assert {use for name, value in PUBLIC.items() for use in hidden_classes(name, value)} == EXCEPTIONS


def test_what_hooks_return_is_public() -> None:
    hooks = [value for name, value in vars(hookspecs).items() if name.startswith("pytest_orchestrator_")]

    assert len(hooks) == 5
    for hook in hooks:  # they name classes that only type checkers import
        inspect.get_annotations(hook, eval_str=True, locals=PUBLIC)


class Hidden:
    """Stands for a class of ours that no module of `api` exports."""


Hidden.__module__ = "pytest_orchestrator.hidden"


class _Exported(Hidden):
    field: tuple[Hidden | None, ...]

    def __init__(self, argument: dict[str, list[Hidden]]) -> None:
        self.attribute: Hidden = argument["x"][0]
        self._private: Hidden = self.attribute

    @property
    def property(self) -> type[Hidden]:
        """Gives it."""
        raise NotImplementedError

    @functools.cached_property
    def cached(self) -> Hidden:
        """Gives it."""
        raise NotImplementedError

    @staticmethod
    def static() -> Hidden:
        """Gives it."""
        raise NotImplementedError


def test_hidden_classes_are_found_in_every_kind_of_signature() -> None:
    uses = ("base class", "field", "__init__", "attribute", "property", "cached", "static")
    assert set(hidden_classes("X", _Exported)) == {f"X.{use}: Hidden" for use in uses}


def hidden_classes(name: str, exported: Any) -> Iterator[str]:
    """The classes of ours that are not public, as `<class>.<attribute>: <class>`."""
    for use, annotation in _annotations(exported):
        for found in _classes(annotation):
            if found is not exported and not any(found is value for value in PUBLIC.values()):
                yield f"{name}{'.' if use else ''}{use}: {found.__name__}"


def _annotations(exported: Any) -> Iterator[tuple[str, Any]]:
    if inspect.isfunction(exported):
        yield from (("", annotation) for annotation in _evaluated(exported).values())
        return
    if not isinstance(exported, type):
        yield "", exported  # an alias of types, or a constant
        return
    yield from (("base class", base) for base in exported.__bases__)
    for use, annotation in _evaluated(exported).items():
        if not use.startswith("_"):
            yield use, annotation
    for use, member in vars(exported).items():
        function = _function(member)
        if function is not None and (use == "__init__" or not use.startswith("_")):
            yield from ((use, value) for value in _evaluated(function).values())
    if "__init__" in vars(exported) and "__dataclass_fields__" not in vars(exported):
        yield from _attributes_of_init(exported)


def _evaluated(annotated: Any) -> dict[str, Any]:
    """The annotations. A public name that a module imports only for type checkers is known too."""
    names = {**PUBLIC, **vars(sys.modules[annotated.__module__])}
    return inspect.get_annotations(annotated, globals=names, eval_str=True)


def _function(member: Any) -> Any:
    match member:
        case functools.cached_property():
            return member.func
        case property():
            return member.fget
        case staticmethod() | classmethod():
            return member.__func__
    return member if inspect.isfunction(member) else None


def _attributes_of_init(exported: type) -> Iterator[tuple[str, Any]]:
    """The annotated public attributes that `__init__` sets."""
    init = vars(exported)["__init__"]
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(init)))):
        match node:
            case ast.AnnAssign(target=ast.Attribute(value=ast.Name("self"), attr=name), annotation=written):
                if not name.startswith("_"):
                    yield name, eval(ast.unparse(written), vars(sys.modules[init.__module__]))  # noqa: S307 - our own code


def _classes(annotation: Any) -> Iterator[type]:
    """The classes of ours in an annotation, those in the arguments of generic types too."""
    named = get_origin(annotation) or annotation
    if isinstance(named, type) and named.__module__.partition(".")[0] == "pytest_orchestrator":
        yield named
    for argument in annotation if isinstance(annotation, list) else get_args(annotation):
        yield from _classes(argument)

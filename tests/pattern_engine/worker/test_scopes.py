"""Scopes against Python's own symbol tables, and the few things that these don't tell."""

from __future__ import annotations

import ast
import collections
import contextlib
import enum
import inspect
import shlex
import symtable
import textwrap
from collections.abc import Callable, Iterator
from types import ModuleType

import libcst as cst
import pytest

from pytest_orchestrator.pattern_engine.worker.scope import Scope
from pytest_orchestrator.pattern_engine.worker.scopes import read_scopes

EVERYTHING = """\
import os.path, sys as system
from a.b import c as d, e
from .f import g
x: int
x, (y, *z) = 1, (2, 3)
x += 1
a.b = c[0] = 1
for i, [j] in (): k = 1
while (w := x): del w
with open("f") as (f, h), open("g") as a.b: pass
try: pass
except ValueError as error: caught = error
@decorate(lambda deco: deco)
def function(pos, /, one: ann = default, *args, kw=lambda n: n, **kwargs) -> returns:
    global x
    x = 1
    local = [inner for outer in pos for inner in outer if (found := inner)]
    def nested():
        nonlocal local, late
        local = late = 2
        return one, local, undefined
    late = 1
    class Local(local, metaclass=late):
        attribute = late
        def method(self): return attribute, __class__
        listed = [attribute for attribute in attribute]
    import inside.here
    async def coroutine(): return [a async for a in b]
    return {k: v for k, v in local}, {s for s in local}, (g for g in local), lambda l, *m: (l, m, n)
match x:
    case {"key": value, **rest}: pass
    case [first, *others] | (first as others): pass
    case Point(x=captured) as whole: pass
    case _: pass
"""


class _Lazy(ast.NodeTransformer):
    """Makes a generator of every comprehension: from Python 3.12 on, the others' names are their function's."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        match super().generic_visit(node):
            case ast.ListComp(elt=value, generators=loops) | ast.SetComp(elt=value, generators=loops):
                return ast.GeneratorExp(value, loops)
            case ast.DictComp(key=key, value=value, generators=loops):
                return ast.GeneratorExp(ast.Tuple([key, value], ast.Load()), loops)
            case other:
                return other


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    """The tables of functions and classes, in the order of the text; comprehensions are left to other tests."""
    if table.get_name() not in {"genexpr", "__annotate__"}:  # the latter is a function of Python's own making
        yield table
    for child in table.get_children():
        yield from _tables(child)


def _bound_by_python(table: symtable.SymbolTable) -> set[str]:
    hidden = {"__class__", ".0"}
    return {
        symbol.get_name()
        for symbol in table.get_symbols()
        if (symbol.is_assigned() or symbol.is_parameter() or symbol.is_imported() or symbol.is_namespace())
        and (symbol.is_local() or table.get_type() == "module")
        and symbol.get_name() not in hidden
    }


def _scopes(text: str) -> list[Scope]:
    """The scopes of a module, its functions and classes."""
    scopes: dict[int, Scope] = {}
    for scope in read_scopes(cst.parse_module(text), cst.CSTNode).values():  # type: ignore[type-abstract]  # any node
        if isinstance(scope.node, cst.Module | cst.FunctionDef | cst.Lambda | cst.ClassDef):
            scopes[id(scope)] = scope
    return list(scopes.values())


def _name(scope: Scope) -> str:
    match scope.node:
        case cst.FunctionDef(name=name) | cst.ClassDef(name=name):
            return name.value
        case cst.Lambda():
            return "lambda"
        case _:
            return "top"


def _assert_agrees_with_python(text: str) -> None:
    lazy = ast.unparse(_Lazy().visit(ast.parse(text)))
    expected = collections.Counter(
        (table.get_name(), frozenset(_bound_by_python(table)))
        for table in _tables(symtable.symtable(lazy, "f", "exec"))
    )
    found: collections.Counter[tuple[str, frozenset[str]]] = collections.Counter()
    for scope in _scopes(text):
        found[_name(scope), frozenset(name for name in scope._bindings if name != "*")] += 1
    assert {key for key in expected if key[1]} == {key for key in found if key[1]}


def test_every_way_to_bind_a_name_is_seen() -> None:
    _assert_agrees_with_python(EVERYTHING)


@pytest.mark.parametrize("module", [contextlib, enum, shlex])
def test_scopes_of_real_modules_equal_pythons(module: ModuleType) -> None:
    _assert_agrees_with_python(inspect.getsource(module))


def _scope_of(text: str, name: str) -> Scope:
    """The scope in which the call of `name` is evaluated."""
    calls = read_scopes(cst.parse_module(textwrap.dedent(text)), cst.Call)
    return next(scope for call, scope in calls.items() if isinstance(call.func, cst.Name) and call.func.value == name)


def _owner(text: str) -> str | None:
    owner = _scope_of(text, "here").owner("name")
    return None if owner is None else _name(owner)


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("name = 1\ndef f(): here()", "top"),
        ("def f(name): here()", "f"),
        ("def f(name=here()): pass", None),
        ("@here()\ndef f(name): pass", None),
        ("def f(name) -> here(): pass", None),
        ("def f(one: here(), name): pass", None),
        ("f = lambda name: here()", "lambda"),
        ("f = lambda name=here(): 1", None),
        ("class A:\n    name = 1\n    here()", "A"),
        ("class A:\n    name = 1\n    def f(self): here()", None),
        ("class A:\n    name = 1\n    class B: here()", None),
        ("name = 1\nclass A(here()):\n    name = 2", "top"),
        ("class A:\n    name = 1\n    [here() for _ in 'a']", None),
        ("class A:\n    name = 1\n    [_ for _ in here()]", "A"),
        ("def f():\n    name = 1\n    def g():\n        global name\n        here()", None),
        ("name = 0\ndef f():\n    name = 1\n    def g():\n        global name\n        def h(): here()", "top"),
        ("def f():\n    def g():\n        nonlocal name\n        name = here()\n    name = 1", "f"),
        ("def f():\n    [name := 1 for _ in 'a']\n    here()", "f"),
        ("def f():\n    del name\n    here()", "f"),
        ("def f():\n    import name.other\n    here()", "f"),
        ("def f[name](a: here()): pass", None),
        ("def f():\n    print(f'{here()}')\n    name = 1", "f"),
    ],
)
def test_a_name_belongs_to_the_scope_that_python_finds_it_in(text: str, owner: str | None) -> None:
    if "f[name]" in text:
        assert isinstance(getattr(_scope_of(text, "here").owner("name"), "node", None), cst.TypeParameters)
    else:
        assert _owner(text) == owner


def test_type_parameters_see_the_class_that_holds_their_definition() -> None:
    text = "class A:\n    name = 1\n    def f[T: here()](self): pass\n    type Alias[T] = here()"

    scopes = read_scopes(cst.parse_module(text), cst.Call).values()

    assert [_name(owner) for scope in scopes if (owner := scope.owner("name"))] == ["A", "A"]


def test_a_definition_in_a_loop_differs_from_one_outside() -> None:
    text = "for i in a:\n    class A:\n        def f(self): one()\nwhile b:\n    pass\nclass B: two()"

    one, two = _scope_of(text, "one"), _scope_of(text, "two")

    assert (one.in_loop, one.parent is not None and one.parent.in_loop, two.in_loop) == (False, True, False)


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("import a.b\nhere(a.b.c)", "a.b.c"),
        ("import a.b as x\nhere(x.c)", "a.b.c"),
        ("from a import b\nhere(b)", "a.b"),
        ("from .a import b as x\nhere(x.c)", ".a.b.c"),
        ("from . import a\nhere(a)", ".a"),
        ("from .. import a\nhere(a)", "..a"),
        ("import a.b, a.c\nhere(a.c)", "a.c"),
        ("here(len)", "builtins.len"),
        ("here((str).join)", "builtins.str.join"),
        ("from a import *\nhere(len)", None),
        ("len = 1\nhere(len)", None),
        ("try:\n    import a\nexcept ImportError:\n    a = None\nhere(a)", None),
        ("try:\n    import a\nexcept ImportError:\n    import b as a\nhere(a)", None),
        ("try:\n    import a\nexcept ImportError:\n    import a\nhere(a)", "a"),
        ("import a\nhere(a().b)", None),
        ("here(unknown)", None),
        ("here(a[0])", None),
    ],
)
def test_a_qualified_name_is_given_when_it_is_certain(text: str, full: str | None) -> None:
    scopes = read_scopes(cst.parse_module(text), cst.Call)
    found: Callable[[cst.Call], bool] = lambda call: isinstance(call.func, cst.Name) and call.func.value == "here"  # noqa: E731
    call = next(call for call in scopes if found(call))

    assert scopes[call].qualified_name(call.args[0].value) == full


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("try:\n    from a import b\nexcept ImportError:\n    from c import d as b\nhere(b.e)", {"a.b.e", "c.d.e"}),
        ("from a import b\nhere(b)", {"a.b"}),
        ("here(len)", {"builtins.len"}),
        ("try:\n    import a\nexcept ImportError:\n    a = None\nhere(a)", set()),
        ("here(a)", set()),
    ],
)
def test_a_name_that_several_imports_bind_may_mean_each_of_them(text: str, names: set[str]) -> None:
    scopes = read_scopes(cst.parse_module(text), cst.Call)
    *_, call = scopes

    assert scopes[call].qualified_names(call.args[0].value) == names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("try: run()\nexcept E as e: e", True),
        ("try: run()\nexcept* E as e: e", True),
        ("try: run()\nexcept A as e: pass\nexcept B as e: e", True),
        ("def f():\n    try: run()\n    except E as e: return lambda: e", True),
        ("e = 1\ntry: run()\nexcept E as e: e", False),
        ("with run() as e: e", False),
        ("from a import *\ntry: run()\nexcept E as e: e", False),
        ("class A:\n    try: run()\n    except E as e: e", False),
        ("def f(e):\n    try: run()\n    except E as e: e", False),
        ("def f():\n    def g():\n        nonlocal e\n        e = 1\n    try: run()\n    except E as e: e", False),
        ("e", False),
    ],
)
def test_an_exception_is_what_nothing_but_handlers_bind(text: str, expected: bool) -> None:
    *_, (_, scope) = [item for item in read_scopes(cst.parse_module(text), cst.Name).items() if item[0].value == "e"]

    assert scope.is_exception("e") is expected

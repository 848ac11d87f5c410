"""The scopes that a pattern on slices gets, against the scopes that are read from the whole file."""

from __future__ import annotations

import sysconfig
from collections.abc import Sequence
from pathlib import Path

import libcst as cst

from pytest_orchestrator.pattern_engine.trigger import Trigger
from pytest_orchestrator.pattern_engine.worker.running.source import Text
from pytest_orchestrator.pattern_engine.worker.scope import Scope
from pytest_orchestrator.pattern_engine.worker.scopes import read_scopes
from pytest_orchestrator.pattern_engine.worker.slicing.slices import SliceContext, cut, in_slice_context

STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))
EVERYTHING = Trigger(text=(r"\S",), within="header")

TANGLED = b"""\
from a import *
from .b import c as d, e
import os.path, sys as system
import g
try:
    import g
except ImportError as error:
    g = error
@d("decorated")
class A(B, metaclass=C):
    name: int = name
    def method(self, one=default, *args: e, two, **kwargs) -> A:
        global counter, unseen
        counter = one
        for item in args:
            class Local(self.base):
                def inner(self): return __class__, item, name
            with one as (two, [three, *four]), five as six.seven:
                kwargs = [self for self in two if (found := self)]
        def nested():
            nonlocal item, late
            item = late = g, d
            del item, undefined
        late = found
        match late:
            case {"key": value, **rest}: print(value, rest)
            case [first, *others] | (first as others): print(first, others)
        return lambda self, x=(walrus := 2): (self, x, walrus, late)
counter, len = 1, 2
while (counter := counter - 1): print(len, counter)
else: counter += 1
async def coroutine(\xc2\xb5):
    return [\xce\xbc async for \xc2\xb5 in \xce\xbc]
"""


def context_of(data: bytes, trigger: Trigger = EVERYTHING) -> SliceContext:
    text = Text(path="a.py", data=data)
    assert text.tree is not None
    piece = cut(data, text.tree, text.outline, [trigger])
    assert piece is not None
    return SliceContext(module=cst.parse_module(piece.text), cut=piece, outline=text.outline)


def facts(names: dict[cst.Name, Scope]) -> Sequence[object]:
    return [
        (
            name.value,
            type(scope.node).__name__,
            scope.in_loop,
            scope.qualified_name(name),
            scope.is_builtin(name.value),
            None if (owner := scope.owner(name.value)) is None else type(owner.node).__name__,
            [(binding.imported, binding.is_caught) for binding in scope.resolve(name.value)],
            scope.is_exception(name.value),
        )
        for name, scope in names.items()
    ]


def facts_of_slices(context: SliceContext) -> Sequence[object]:
    with in_slice_context(context):
        return facts(dict(read_scopes(context.module, cst.Name)))


def facts_of_the_whole(data: bytes) -> Sequence[object]:
    return facts(dict(read_scopes(cst.parse_module(data), cst.Name)))


def test_names_mean_in_slices_what_they_mean_in_the_file() -> None:
    assert facts_of_slices(context_of(TANGLED)) == facts_of_the_whole(TANGLED)


def test_names_mean_the_same_in_slices_of_real_files() -> None:
    wrong = []
    for path in sorted(STANDARD_LIBRARY.glob("[b-c]*.py")):
        data = path.read_bytes()
        if b"\f" not in data and facts_of_slices(context_of(data)) != facts_of_the_whole(data):
            wrong.append(path.name)
    assert wrong == []

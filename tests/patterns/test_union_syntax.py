"""Whatever the codemod rewrites still runs, and means the same type."""

from __future__ import annotations

import subprocess
import sys
import typing
from collections.abc import Callable
from functools import cache
from itertools import cycle, product
from typing import Any

from tests.patterns import operand_classes
from tests.patterns.conftest import ROOT

ID = "union-syntax"

Transform = Callable[[str, str], str]

PRELUDE = """\
import collections, datetime, enum, multiprocessing, threading, typing
from collections import namedtuple
from typing import *

from typing import Optional, Union

T = TypeVar("T")
P = ParamSpec("P")
Name = NewType("Name", str)
Point = namedtuple("Point", "x y")
Numbers = Union[int, "Box"]
Quoted = "Box"
class Box(Generic[T]): pass
class Color(enum.Enum): RED = 1
class Typed(TypedDict): x: int
def function(): ...
"""

MEMBERS = [
    *("int", "None", "type", "object", "Box", "Box[int]", "'Box'", "T", "Name", "Point", "Numbers", "Quoted", "Color"),
    *("Typed", "Any", "List", "List[int]", "list['Box']", "Callable[..., int]", "Literal['a', None]", "typing.Text"),
    *("datetime.date", "collections.deque", "callable", "any", "function", "threading.Lock", "multiprocessing.Queue"),
    *("NamedTuple", "typing.TypedDict", "AnyStr", "Optional[Box]", "int | None", "(int)", "Tuple[()]", "Type[T]"),
]
UNIONS = [
    "Optional[{0}]",
    "Union[{0}, {1}]",
    "Union[None, {0}, {1},]",
    "Optional[Union[{0}, {1}]]",
    "List[Optional[{0}]]",
]
TEMPLATES = ["def f(x: {}): ...", "def f(x: '{}'): ...", "class f:\n    x: {}", "def f(x: {} | int): ..."]


@cache
def _names() -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "module"}
    exec(PRELUDE, names)  # noqa: S102 - our own text
    return names


def _hints(statement: str) -> object:
    names = dict(_names())
    try:
        exec(statement, names)  # noqa: S102 - our own text
        return typing.get_type_hints(names["f"], names)["x"]
    except Exception as error:
        return type(error)


def test_a_rewritten_union_means_the_same_type(transform: Transform) -> None:
    unions = {union.format(one, other) for union in UNIONS for one, other in product(MEMBERS, MEMBERS[:6:2])}
    templates = zip(sorted(unions), cycle(TEMPLATES), strict=False)
    statements = [template.format(union) for union, template in templates if not ("'" in template and "'" in union)]
    head = PRELUDE.replace("from typing import *", f"from typing import {', '.join(typing.__all__)}")

    after = transform(ID, head + "\n#\n".join(statements)).partition("function(): ...\n")[2].split("\n#\n")

    rewritten = [(old, new) for old, new in zip(statements, after, strict=True) if old != new]
    assert len(rewritten) > 100
    for old, new in rewritten:
        assert _hints(old) == _hints(new), (old, new)


def test_the_table_of_classes_holds_on_this_python() -> None:
    script = subprocess.run(
        [sys.executable, operand_classes.__file__], check=True, capture_output=True, text=True, timeout=60
    )  # in a process of its own: it imports the whole standard library
    found = operand_classes.from_text(script.stdout.splitlines())
    listed = operand_classes.from_text((ROOT / "patterns" / ID / "classes.txt").read_text().splitlines())
    promised = {f"{module}.{name}{mark}" for module, names in listed.items() for name, mark in names.items()}
    seen = {f"{module}.{name}{mark}" for module, names in found.items() for name, mark in names.items()}
    assert len(promised & seen) > 2_000
    assert {name for name in promised if f"{name.rstrip('[]!')}-" in seen} == set()
    assert {name for name in promised if name.endswith("[]") and f"{name.removesuffix('[]')}!" in seen} == set()
    assert not {"subprocess.PIPE", "threading.Lock", "typing.NamedTuple", "builtins.NotImplemented"} & promised

"""Whatever the codemod rewrites still runs, and means the same type."""

from __future__ import annotations

import typing
from collections.abc import Callable
from functools import cache
from itertools import cycle, product
from typing import Any

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

"""Whatever the codemod rewrites still runs, and means the same type."""

from __future__ import annotations

import itertools
import types
import typing
from collections.abc import Callable
from functools import cache
from typing import Any

ID = "builtin-generics"

Transform = Callable[[str, str], str]

PRELUDE = """\
import typing
from collections import deque, defaultdict
from typing import Any, Callable, DefaultDict, Deque, Dict, FrozenSet, List, Optional, Set, Tuple, Type, TypeVar, Union

T = TypeVar("T")
class Box: pass
"""
INNER = ["int", "Box", "'Box'", "T", "Any", "List[int]", "Optional[Set[Box]]", "Tuple[int, ...]", "'Type[Box]'"]
OUTER = ["List[{0}]", "Dict[{0}, {1}]", "typing.FrozenSet[{1}]", "Type[{0}]", "Deque[{0}]", "DefaultDict[str, {1}]"]
AROUND = ["{}", "Optional[{}]", "Callable[[{}], None]", "{} | None", "Union[int, {}]", "Tuple[{}, int]"]
TEMPLATES = ["def f(x: {}): ...", "class f:\n    x: {} = None", "Alias = {}\ndef f(x: Alias): ..."]


@cache
def _names() -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "module"}
    exec(PRELUDE, names)  # noqa: S102 - our own text
    return names


def _meaning(statement: str) -> object:
    names = dict(_names())
    exec(statement, names)  # noqa: S102 - our own text
    return _plain(typing.get_type_hints(names["f"], names)["x"])


def _plain(hint: Any) -> object:
    """The type without the difference that there is between `List[int]` and `list[int]`."""
    if isinstance(hint, list):
        return [_plain(item) for item in hint]
    origin = typing.get_origin(hint)
    origin = typing.Union if origin is types.UnionType else origin
    return hint if origin is None else (origin, [_plain(item) for item in typing.get_args(hint)])


def test_a_rewritten_type_means_the_same(transform: Transform) -> None:
    generics = [outer.format(one, other) for outer, one, other in itertools.product(OUTER, INNER, INNER[1:3])]
    framed = [frame.format(generic) for generic, frame in zip(generics, itertools.cycle(AROUND), strict=False)]
    before = [template.format(type_) for type_, template in zip(framed, itertools.cycle(TEMPLATES), strict=False)]

    after = transform(ID, PRELUDE + "\n#\n".join(before)).partition("class Box: pass\n")[2].split("\n#\n")

    assert [old for old, new in zip(before, after, strict=True) if old == new] == []
    for old, new in zip(before, after, strict=True):
        assert _meaning(old) == _meaning(new), (old, new)

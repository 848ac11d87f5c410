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

IMPORTS = """\
import typing
from collections import deque, defaultdict
from typing import Any, Callable, DefaultDict, Deque, Dict, FrozenSet, List, Optional, Set, Tuple, Type, TypeVar, Union
from typing import Counter, Generator, Iterable, Mapping, Pattern
"""
DEFINITIONS = """\

T = TypeVar("T")
class Box: pass
"""
INNER = ["int", "Box", "'Box'", "T", "Any", "List[int]", "Optional[Set[Box]]", "Tuple[int, ...]", "'Type[Box]'"]
OUTER = ["List[{0}]", "Dict[{0}, {1}]", "typing.FrozenSet[{1}]", "Type[{0}]", "Deque[{0}]", "DefaultDict[str, {1}]"]
AROUND = [
    *("{}", "Optional[{}]", "Callable[[{}], None]", "{} | None", "Union[int, {}]", "Tuple[{}, int]"),
    *("Iterable[{}] | None", "Mapping[str, {}]", "Generator[{}, None, None]", "Union[Counter[{}], Pattern]"),
]
TEMPLATES = ["def f(x: {}): ...", "class f:\n    x: {} = None", "Alias = {}\ndef f(x: Alias): ..."]


@cache
def _names(imports: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "module"}
    if imports == IMPORTS:
        exec(IMPORTS + DEFINITIONS, names)  # noqa: S102 - our own text
    else:  # the same definitions
        exec(imports, names := dict(_names(IMPORTS)))  # noqa: S102 - our own text
    return names


def _meaning(statement: str, imports: str) -> object:
    names = dict(_names(imports))
    exec(statement, names)  # noqa: S102 - our own text
    return _plain(typing.get_type_hints(names["f"], names)["x"])


def _plain(hint: Any) -> object:
    """The type without the differences that there are between `List[None]` and `list[None]`."""
    if isinstance(hint, list):
        return [_plain(item) for item in hint]
    origin = typing.get_origin(hint)
    origin = typing.Union if origin is types.UnionType else origin
    hint = type(None) if hint is None else hint
    arguments = [_plain(item) for item in typing.get_args(hint)]
    return hint if origin is None else (origin, arguments) if arguments else origin


def test_a_rewritten_type_means_the_same(transform: Transform) -> None:
    generics = [outer.format(one, other) for outer, one, other in itertools.product(OUTER, INNER, INNER[1:3])]
    framed = [frame.format(generic) for generic, frame in zip(generics, itertools.cycle(AROUND), strict=False)]
    before = [template.format(type_) for type_, template in zip(framed, itertools.cycle(TEMPLATES), strict=False)]

    imports, _, text = transform(ID, IMPORTS + DEFINITIONS + "\n#\n".join(before)).partition(DEFINITIONS)
    after = text.split("\n#\n")

    assert [old for old, new in zip(before, after, strict=True) if old == new] == []
    assert "import Counter\nfrom collections.abc import Generator, Iterable, Mapping\nfrom re import Pattern" in imports
    for old, new in zip(before, after, strict=True):
        assert _meaning(old, IMPORTS) == _meaning(new, imports), (old, new)

import sys
import typing
from collections.abc import Reversible
from typing import Callable, Container, Coroutine, Iterable, Iterator, Mapping, MutableSet, OrderedDict, Sequence, Sized
from typing import Generator as Gen
from typing import Hashable  # noqa: F401
from typing import (
    Collection,  # of anything
)
from typing import Awaitable; x: Awaitable[int]

from typing_extensions import KeysView

if sys.version_info > (3, 9):
    from typing import ItemsView
else:
    from typing import Reversible

__all__ = ["Coroutine"]


class Row(Sequence[int], Sized): ...


class Table(Mapping): ...


Factory = Iterator[int]


def f(a: Iterable[int], b: Container[int] | "Row", c: OrderedDict[str, int], d: typing.ValuesView[int], e: Factory):
    register(Callable)
    Factory()
    a: Gen | Hashable | Collection | KeysView | ItemsView | Reversible | Coroutine
    return isinstance(a, Iterable, key=Iterable)


class OrderedDict: ...

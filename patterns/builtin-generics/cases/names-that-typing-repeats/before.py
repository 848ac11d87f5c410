"""Types."""

from typing import (
    Any,
    Callable,
    Iterable,
    List,
    Match,
    Mapping,
)
from typing import TYPE_CHECKING, Counter, Iterator
from typing import Awaitable, Hashable
from typing import AsyncGenerator, AsyncIterable, AsyncIterator, Collection, Container, Coroutine, ItemsView, cast

if TYPE_CHECKING:
    # For the checker.
    from typing import Generator, TypeVar

Handler = Callable[[int], List[str]]


def f(a: Iterable[int], b: Mapping[str, Any], c: "List[Iterator[int]]", d: Match[str], e: Counter[int]) -> Handler:
    if isinstance(a, (Hashable, Mapping)) and issubclass(b, Iterable):
        return cast(Awaitable[AsyncGenerator[Collection[Container[Coroutine[ItemsView[AsyncIterable, AsyncIterator]]]]]], e)


def g() -> "Generator[int, None, None]": ...

"""Types."""

from collections.abc import Callable, Iterable, Mapping
from re import Match
from typing import (
    Any,
)
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING
from collections.abc import Awaitable, Hashable
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Collection, Container, Coroutine, ItemsView
from typing import cast

if TYPE_CHECKING:
    # For the checker.
    from collections.abc import Generator
    from typing import TypeVar

Handler = Callable[[int], list[str]]


def f(a: Iterable[int], b: Mapping[str, Any], c: "list[Iterator[int]]", d: Match[str], e: Counter[int]) -> Handler:
    if isinstance(a, (Hashable, Mapping)) and issubclass(b, Iterable):
        return cast(Awaitable[AsyncGenerator[Collection[Container[Coroutine[ItemsView[AsyncIterable, AsyncIterator]]]]]], e)


def g() -> "Generator[int, None, None]": ...

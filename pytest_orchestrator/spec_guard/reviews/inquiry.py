"""Many questions to git's objects, answered in rounds: each round is one call for everything that is asked by then.

A question is a generator: it yields the ids of the blobs that it wants to see next, is sent their contents, and
returns its answer.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import TypeVar

K = TypeVar("K")
T = TypeVar("T")

Contents = Mapping[str, bytes]
Inquiry = Generator[Sequence[str], Contents, T]
Fetch = Callable[[Sequence[str]], Contents]


def answer(inquiries: Mapping[K, Inquiry[T]], fetch: Fetch) -> dict[K, T]:
    """The answer of each inquiry."""
    answers: dict[K, T] = {}
    waiting: dict[K, tuple[Inquiry[T], Sequence[str]]] = {}
    for key, inquiry in inquiries.items():
        _advance(key, inquiry, None, answers, waiting)
    while waiting:
        contents = fetch(tuple(dict.fromkeys(name for _, wanted in waiting.values() for name in wanted)))
        asking, waiting = waiting, {}
        for key, (inquiry, wanted) in asking.items():
            _advance(key, inquiry, {name: contents[name] for name in wanted}, answers, waiting)
    return answers


def _advance(
    key: K,
    inquiry: Inquiry[T],
    contents: Contents | None,
    answers: dict[K, T],
    waiting: dict[K, tuple[Inquiry[T], Sequence[str]]],
) -> None:
    try:
        wanted = next(inquiry) if contents is None else inquiry.send(contents)
    except StopIteration as done:
        answers[key] = done.value
    else:
        waiting[key] = (inquiry, wanted)

from typing import Optional


def f(
    a: dict[str, int],
    b: frozenset[int],
    c: list[list[int]],
    *args: set[int],
    d: tuple[int, ...] = (),
    **kwargs: type[Exception],
) -> Optional[tuple[()]]:
    e: list[int] = []
    g: dict[str, tuple[int, str]] = {}

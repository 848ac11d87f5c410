from typing import Callable, Dict, List


def f(
    a: int | str | None,
    b: int | str | None,
    c: Dict[str, List[int | None] | None],
    d: Callable[[int | None], int | str],
    e: int,
    g: int | int,
    h: int | None | str,
    i: str | int | None,
): ...

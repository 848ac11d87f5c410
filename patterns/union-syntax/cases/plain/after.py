from typing import Any


def f(a: int | None, b: int | str = 1, *args: None | int) -> Any | None:
    c: int | str | None = None
    return c

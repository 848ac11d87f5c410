from __future__ import annotations

from typing import Annotated, List, Literal, cast


def f(a: "list[int]", b: list["tuple[int, 'list']"]) -> "Literal['List[int]']":
    c: Annotated[list[int], "List[int]"] = cast("list[int]", a)
    return cast(list[int], b)

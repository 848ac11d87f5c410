from __future__ import annotations

from typing import Annotated, List, Literal, Tuple, cast


def f(a: "List[int]", b: List["Tuple[int, 'List']"]) -> "Literal['List[int]']":
    c: Annotated[List[int], "List[int]"] = cast("List[int]", a)
    return cast(List[int], b)

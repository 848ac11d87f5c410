from typing import Annotated, List, Literal


def f(a: Literal["List[int]"], b: Annotated[int, "List[int]"], c: "List[", d: "List" "[int]", e: u"List[int]"): ...

from typing import Optional


def f(a: Optional[int] | "Box", b: Optional[int] | callable, c: len | Optional[int], d: Optional[int] | Imported): ...

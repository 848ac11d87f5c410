from typing import List


def f(a: List[int] | "Box", b: List[int] | callable, c: len | List[int], d: List[int] | Imported): ...

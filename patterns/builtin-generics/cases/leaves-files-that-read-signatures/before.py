import inspect
from typing import List


def f(a: List[int]): ...


print(inspect.signature(f))

import inspect
from typing import Optional


def f(a: Optional[int]): ...


print(inspect.signature(f))

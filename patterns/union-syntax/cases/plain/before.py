from typing import Any, Optional, Union


def f(a: Optional[int], b: Union[int, str] = 1, *args: Union[None, int]) -> Optional[Any]:
    c: Union[int, str, None] = None
    return c

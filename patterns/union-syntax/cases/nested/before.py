from typing import Callable, Dict, List, Optional, Union


def f(
    a: Optional[Union[int, str]],
    b: Union[int, Optional[str]],
    c: Dict[str, Optional[List[Optional[int]]]],
    d: Callable[[Optional[int]], Union[int, str]],
    e: Union[int],
    g: Union[int, int],
    h: Optional[int] | str,
    i: str | Optional[int],
): ...

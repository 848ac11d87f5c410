from typing import Optional, Union


def f(
    a: Optional,
    b: Union[()],
    c: Union[(int, str)],
    d: Union[*Types],
    e: Optional[int, str],
    g: Optional[1],
    h: Union[int:str],
): ...

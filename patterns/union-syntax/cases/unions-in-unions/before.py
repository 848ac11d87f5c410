from typing import Optional, Union


def f(
    a: Optional[Optional[int]],
    b: Union[int, Optional[None]],
    c: Union[Optional[int], Optional[str]],
    d: Optional[Union[None, Optional[str]]],
    e: Union[Union[int, None], Union[str, Union[None, bytes]]],
    g: "Optional[Optional[int]]",
    h: Optional[Union[int, Optional["Box"]]],
): ...


def g(self):
    a: Optional[Union[int, Optional["Box"]]] = None

from typing import Optional, Union


def f(
    a: int | None,
    b: int | None,
    c: int | None | str,
    d: None | str,
    e: int | None | str | bytes,
    g: "int | None",
    h: Optional[Union[int, Optional["Box"]]],
): ...


def g(self):
    a: "int | Box | None" = None

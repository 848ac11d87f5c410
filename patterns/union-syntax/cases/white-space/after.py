import typing as t


def f(
    a: int | None,
    b: int | t.Dict[
            str, int
        ],
    c:int | None=None,
    d: (int | None) = None,
)->int | None: ...

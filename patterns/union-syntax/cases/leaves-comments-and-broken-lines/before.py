from typing import Optional, Union


def f(
    a: Union[
        int,  # a number
        str,
    ],
    b: Union[
        types
        .Box,
        int,
    ],
    c: Union[int, str],
): ...

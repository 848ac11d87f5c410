from typing import Union


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
): ...

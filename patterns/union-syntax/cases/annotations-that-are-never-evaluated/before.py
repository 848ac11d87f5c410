from __future__ import annotations

import threading
from typing import Optional, Union, cast

import numpy as np
from mine import Base, factory


class Box(Base): ...


def f(
    a: Optional[np.ndarray],
    b: Union[Base, Box, factory],
    c: Optional[callable],
    d: Optional[threading.Lock],
    e: Optional[f],
) -> "Optional[Base]":
    return cast(Optional[Base], a)

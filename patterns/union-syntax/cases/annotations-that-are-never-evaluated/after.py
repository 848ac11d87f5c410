from __future__ import annotations

import threading
from typing import Optional, cast

import numpy as np
from mine import Base, factory


class Box(Base): ...


def f(
    a: np.ndarray | None,
    b: Base | Box | factory,
    c: Optional[callable],
    d: Optional[threading.Lock],
    e: Optional[f],
) -> "Base | None":
    return cast(Optional[Base], a)

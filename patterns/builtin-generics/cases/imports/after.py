import os

from typing import (
    Any,
)

import sys; from typing import Set
from typing import Union  # what is left


def f(a: list[Any], b: dict[str, int]) -> set[tuple[int, int]]:
    return os.environ, sys.path

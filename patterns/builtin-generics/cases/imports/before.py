import os

from typing import (
    Any,
    Dict,
    List,
)

import sys; from typing import Set
from typing import Tuple as Pair, Union  # what is left


def f(a: List[Any], b: Dict[str, int]) -> Set[Pair[int, int]]:
    return os.environ, sys.path

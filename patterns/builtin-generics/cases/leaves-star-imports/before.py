from typing import *
from typing import List


def f(a: List[int], b: Dict[str, int]): ...

from collections.abc import Set
from mine import Dict
from typing import Tuple

Tuple = None


def List(a: Set[int], b: Dict[str, int], d: Tuple[int], e: List[int]): ...

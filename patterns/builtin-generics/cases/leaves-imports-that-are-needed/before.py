try:
    from typing import Dict
except ImportError:
    Dict = dict
from typing import FrozenSet  # noqa: F401
from typing import List, Set, Tuple
from typing import Type as Type

__all__ = ["Set", "f"]


def f(a: List[int], b: Dict[str, int], c: Set[int], d: Type[int], e: Tuple[int], g: FrozenSet[int]):
    h = []  # type: List[int]
    """
    >>> x: Tuple[int]
    """

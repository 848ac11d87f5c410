try:
    from typing import Dict
except ImportError:
    Dict = dict
from typing import FrozenSet  # noqa: F401
from typing import List, Set, Tuple
from typing import Type as Type

__all__ = ["Set", "f"]


def f(a: list[int], b: Dict[str, int], c: set[int], d: type[int], e: tuple[int], g: frozenset[int]):
    h = []  # type: List[int]
    """
    >>> x: Tuple[int]
    """

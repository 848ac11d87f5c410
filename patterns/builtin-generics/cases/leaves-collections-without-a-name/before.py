from typing import TYPE_CHECKING, DefaultDict, Deque

if TYPE_CHECKING:
    from collections import deque


def f(a: Deque[int], b: DefaultDict[str, int]): ...


from collections import defaultdict

import collections
from collections import deque


def f(a: deque[int], b: collections.defaultdict[str, int]): ...

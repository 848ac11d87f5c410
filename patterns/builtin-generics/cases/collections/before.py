import collections
from collections import deque
from typing import DefaultDict, Deque


def f(a: Deque[int], b: DefaultDict[str, int]): ...

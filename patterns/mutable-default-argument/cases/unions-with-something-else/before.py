from collections import UserDict, UserList
from collections.abc import Sequence, Sized


def union(a: Sequence | Widget = [], b: Sequence | [int] = [], c: Sequence & Sized = []):
    pass


def collections(a=UserDict(), b=UserList()):
    pass

# first
from collections import Mapping, OrderedDict, Sized as S, deque


def f():
    from collections import (
        Counter,
        Hashable,
        Iterator,
    )

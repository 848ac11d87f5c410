# first
from collections import OrderedDict, deque
from collections.abc import Mapping, Sized as S


def f():
    from collections import (
        Counter,
    )
    from collections.abc import (
        Hashable,
        Iterator,
    )

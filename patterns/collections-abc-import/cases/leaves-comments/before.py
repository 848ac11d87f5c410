from collections import (
    Mapping,  # abstract
    OrderedDict,  # a class
)
from collections import Set, deque  # noqa: F401

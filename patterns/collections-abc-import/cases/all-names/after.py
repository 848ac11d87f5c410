from collections.abc import Mapping, Sequence as Seq  # abstract
from collections.abc import (
    Callable,  # anything
    Iterable,
)
import os; from collections.abc import Set

from collections import Mapping, Sequence as Seq  # abstract
from collections import (
    Callable,  # anything
    Iterable,
)
import os; from collections import Set

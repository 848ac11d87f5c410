from collections.abc import Mapping
from typing import ClassVar, Final, NewType, TypeAlias, TypeVar

Numbers = list[int]
Rows: TypeAlias = "list[Numbers]"
Names = NewType("Names", list[str])
T = TypeVar("T", bound=list[int])
Nested = Mapping[str, list[int]]
boxes = Box[dict[str, int]]()


class Store:
    Key: ClassVar = list[int]
    Value: Final = dict[str, int]

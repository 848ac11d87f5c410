from typing import ClassVar, Dict, Final, List, Mapping, NewType, TypeAlias, TypeVar

Numbers = List[int]
Rows: TypeAlias = "List[Numbers]"
Names = NewType("Names", List[str])
T = TypeVar("T", bound=List[int])
Nested = Mapping[str, List[int]]
boxes = Box[Dict[str, int]]()


class Store:
    Key: ClassVar = List[int]
    Value: Final = Dict[str, int]

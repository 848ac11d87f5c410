from typing import Dict, List, Mapping, NewType, TypeAlias, TypeVar

Numbers = List[int]
Rows: TypeAlias = "List[Numbers]"
Names = NewType("Names", List[str])
T = TypeVar("T", bound=List[int])
Nested = Mapping[str, List[int]]
boxes = Box[Dict[str, int]]()

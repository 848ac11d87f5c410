from typing import Dict, List, Type

Numbers = List[int]
Names = List[str]


class Table(List[int]):
    rows = Numbers()

    def more(self, other: Dict[str, int]) -> List[int]: ...


class Box:
    def type(self, kinds: Dict[str, Type[int]]): ...

from typing import List, Type

Numbers = List[int]
Names = list[str]


class Table(List[int]):
    rows = Numbers()

    def more(self, other: dict[str, int]) -> list[int]: ...


class Box:
    def type(self, kinds: dict[str, Type[int]]): ...

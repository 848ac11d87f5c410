from typing import List, Type

Numbers = List[int]
Names = list[str]


class Table(List[int]):
    rows = Numbers()

    @route("/", response_model=List[int])
    def more(self, other: dict[str, int]) -> list[int]: ...


class Box:
    def type(self, kinds: dict[str, Type[int]]): ...

from typing import List, Set, Type


def set(a: Set[int]): ...


class Box:
    items: List[int] = []

    def list(self) -> List[int]: ...

    def more(self, items: "List[int]", kinds: Type[int]): ...

    type: Type[int] = int

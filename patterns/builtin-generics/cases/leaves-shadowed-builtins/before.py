from typing import Dict, List, Set, Type


def set(a: Set[int]): ...


class Box:
    items: List[int] = []

    def list(self) -> List[int]: ...

    def more(self, items: "List[int]", kinds: Dict[str, Type[int]]): ...

    type: Type[int] = int

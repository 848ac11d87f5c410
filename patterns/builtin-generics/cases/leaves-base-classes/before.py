from typing import Dict, List


class Numbers(List[int]):
    def more(self, other: Dict[str, int]): ...

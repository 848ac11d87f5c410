from typing import List


class Numbers(List[int]):
    def more(self, other): ...

from typing import List


class C:
    x: List[int] = field()


assert fields(C).x.type is List[int]

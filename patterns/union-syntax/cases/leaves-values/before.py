from typing import Optional


class C:
    x: Optional[int] = field()


assert fields(C).x.type is Optional[int]

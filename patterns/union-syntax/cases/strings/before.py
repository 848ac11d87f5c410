from typing import Optional, Union, cast


def f(a: "Optional[Box]", b: "Union[Box, Optional[int]]") -> "Optional[Callable[[Box], None]]":
    c = cast("Optional[Box]", a)
    return cast(Optional[int], c)

from typing import Optional, Union

Number = Union[int, float]


def f(
    a: Optional[Number],
    b: Union[
        int,  # a number
        str,
    ],
    c: Union[int, str],
    d: Union[None, Optional[int]],
    e: Optional["Box"],
) -> Optional[int]: ...


class Box:
    def str(self) -> Optional[int]: ...

    def more(self) -> Optional[str]: ...

from typing import Optional, Union

Number = Union[int, float]


def f(
    a: Number | None,
    b: Union[
        int,  # a number
        str,
    ],
    c: int | str,
    d: None | int,
    e: Optional["Box"],
) -> int | None: ...


class Box:
    def str(self) -> int | None: ...

    def more(self) -> Optional[str]: ...

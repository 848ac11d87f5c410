import typing
import typing as t


def f(
    a: typing.Optional [ int ],
    b: t.Union[
        int,
        t.Dict[
            str, int
        ],
    ],
    c:t.Optional[int]=None,
    d: (t.Optional[int]) = None,
)->typing.Optional[int]: ...

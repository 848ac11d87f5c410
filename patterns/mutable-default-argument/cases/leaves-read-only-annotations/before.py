import collections.abc
import typing
from collections.abc import Collection, Mapping
from typing import Annotated, Iterable, Optional, Sequence


def read_only(
    a: Sequence[int] = [],
    b: typing.Mapping[str, int] = {},
    c: Optional[Iterable[int]] = [],
    d: Collection[int] | None = [],
    e: collections.abc.Set[int] = {1},
    f: Annotated[Mapping[str, int], "sorted", []] = dict(),
    g: object = [],
    h: typing.Union[Sequence, None] = [],
):
    pass

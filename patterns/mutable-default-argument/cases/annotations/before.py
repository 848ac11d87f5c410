import typing as t
from collections.abc import Iterator, MutableSequence, Set
from typing import Dict, List, Optional, Union


def changeable(
    a: list[int] = [],
    b: List[int] = [],
    c: Optional[List[int]] = [],
    d: "MutableSequence[int]" = [],
    e: MutableSequence[int] = [],
    f: Union[List[int], t.Sequence[int]] = [],
    g: t.Sequence[int] | list[int] = [],
    h: unknown.Sequence = [],
):
    pass

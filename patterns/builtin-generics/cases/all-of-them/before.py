import typing
from typing import Dict, FrozenSet, List, Optional, Set, Tuple, Type
from typing_extensions import Dict as Mapping_


def f(
    a: Dict[str, int],
    b: FrozenSet[int],
    c: List[List[int]],
    *args: Set[int],
    d: Tuple[int, ...] = (),
    **kwargs: Type[Exception],
) -> Optional[Tuple[()]]:
    e: typing.List[int] = []
    g: Mapping_[str, typing.Tuple[int, str]] = {}

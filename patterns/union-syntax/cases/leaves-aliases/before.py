from typing import Callable, Optional, TypeAlias, Union

Number = Union[int, float]
Parser = Callable[[str], Optional[int]]
Name: TypeAlias = Optional[str]

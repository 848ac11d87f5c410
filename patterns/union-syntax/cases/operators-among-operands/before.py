from typing import NamedTuple, Optional, TypedDict, Union

Point = NamedTuple("Point", [("x", int)])
Keys = TypedDict("Keys", {"x": int})
Kind = type("Kind", (), {})
type Alias = int
Either = int | str


class Box: ...


def find(a: Optional[Box | int], b: Union[Box, int | str]): ...
def make(a: Optional[Point], b: Optional[Keys], c: Optional[Kind], d: Optional[Alias], e: Optional[Either]): ...

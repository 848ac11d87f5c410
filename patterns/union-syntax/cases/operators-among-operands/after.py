from typing import NamedTuple, TypedDict

Point = NamedTuple("Point", [("x", int)])
Keys = TypedDict("Keys", {"x": int})
Kind = type("Kind", (), {})
type Alias = int
Either = int | str


class Box: ...


def find(a: Box | int | None, b: Box | int | str): ...
def make(a: Point | None, b: Keys | None, c: Kind | None, d: Alias | None, e: Either | None): ...

from typing import Optional


class Box: ...


def find(a: Optional[Box | some], b: Optional[some | Box], c: Optional[Box + Box], d: Optional[not Box]): ...

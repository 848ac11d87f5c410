import multiprocessing
import threading
from mine import factory, things
from typing import NamedTuple, Optional

try:
    from mine import Maybe
except ImportError:
    Maybe = None

Quoted = "Box"
Made = factory()


def Function(): ...


def f(
    a: Optional[callable],
    b: Optional[any],
    c: Optional[threading.Lock],
    d: Optional[multiprocessing.Queue],
    e: Optional[factory],
    g: Optional[things.make],
    h: Optional[Maybe],
    i: Optional[Quoted],
    j: Optional[Made],
    k: Optional[Function],
    m: Optional[NamedTuple],
    n: Optional[factory()],
    o: "Optional[callable]",
): ...


class Box:
    def str(self): ...

    def more(self) -> Optional[str]: ...

import collections
import datetime
import netrc
import os
import threading
import time
import weakref
from collections import namedtuple
from typing import Callable, Literal, NewType, TypeVar, Union

T = TypeVar("T")
Name = NewType("Name", str)
Point = namedtuple("Point", "x y")
Numbers = Union[int, "Name"]
Text = str


class Box: ...


def f(
    a: T | None,
    b: Name | None,
    c: Point | None,
    d: Numbers | None,
    e: Text | None,
    g: Box | None,
    i: datetime.datetime | None,
    k: Literal["a", None] | None,
    m: Callable[..., "Box"] | None,
    n: threading.Event | None,
    o: list["Box"] | None,
    p: collections.deque | None,
    q: netrc.netrc | os.stat_result | os.terminal_size,
    r: time.struct_time | weakref.ref,
): ...

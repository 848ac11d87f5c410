import collections
import datetime
import netrc
import os
import threading
import time
import weakref
from collections import namedtuple
from typing import Callable, Literal, NewType, Optional, TypeVar, Union

T = TypeVar("T")
Name = NewType("Name", str)
Point = namedtuple("Point", "x y")
Numbers = Union[int, "Name"]
Text = str


class Box: ...


def f(
    a: Optional[T],
    b: Optional[Name],
    c: Optional[Point],
    d: Optional[Numbers],
    e: Optional[Text],
    g: Optional[Box],
    i: Optional[datetime.datetime],
    k: Optional[Literal["a", None]],
    m: Optional[Callable[..., "Box"]],
    n: Optional[threading.Event],
    o: Optional[list["Box"]],
    p: Optional[collections.deque],
    q: Union[netrc.netrc, os.stat_result, os.terminal_size],
    r: Union[time.struct_time, weakref.ref],
): ...

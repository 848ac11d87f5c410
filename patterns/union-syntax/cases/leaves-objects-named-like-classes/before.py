import ctypes
import http
import signal
import subprocess
import xml.etree.ElementTree as ET
from enum import Enum
from tempfile import NamedTemporaryFile
from typing import Optional, Union
from xml.etree import ElementTree


class Color(Enum):
    RED = 1
    BLUE = 2

    class Nested: ...  # Python 3.12 makes a member of it


class Box:
    WIDTH = 3

    def Make(self): ...


def f(
    a: Union[bool, NotImplemented],
    b: Optional[Ellipsis],
    c: Union[Color.RED, Color.BLUE],
    d: Optional[Color["RED"]],
    e: Optional[ET],
    g: Optional[ElementTree],
    h: Optional[NamedTemporaryFile],
    i: Optional[ctypes.POINTER],
    j: Optional[subprocess.PIPE],
    k: Union[signal.SIGINT, http.HTTPStatus.OK],
    m: Optional[Color.Nested],
    n: Optional[Box.WIDTH],
    o: Optional[Box.Make],
    p: Optional[Box.Inherited],
): ...

import array
import ast
import functools
import socket
from typing import Optional

import py.path


def find(a: Optional[array.array], b: Optional[ast.expr], c: Optional[functools.partial], d: Optional[socket.socket]):
    found: Optional[py.path.local] = None

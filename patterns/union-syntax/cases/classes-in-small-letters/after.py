import array
import ast
import functools
import socket

import py.path


def find(a: array.array | None, b: ast.expr | None, c: functools.partial | None, d: socket.socket | None):
    found: py.path.local | None = None

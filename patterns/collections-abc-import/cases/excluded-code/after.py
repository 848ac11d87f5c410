import collections
import collections.abc
import os

try:
    a = collections.Set
except AttributeError:
    a = None
if PY2:
    b = collections.Set
c = collections.Set if PY2 else None
d = f"{collections.Set=}", collections.abc.Set
os.path = collections.abc.Mapping
try:
    e = collections.abc.Sized
except ValueError:
    f = collections.abc.Sequence
if a:
    g = collections.abc.Iterable if b else f"{collections.abc.Callable}"

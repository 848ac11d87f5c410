import collections
import os

try:
    a = collections.Set
except AttributeError:
    a = None
if PY2:
    b = collections.Set
c = collections.Set if PY2 else None
d = f"{collections.Set=}", collections.Set
os.path = collections.Mapping
try:
    e = collections.Sized
except ValueError:
    f = collections.Sequence
if a:
    g = collections.Iterable if b else f"{collections.Callable}"

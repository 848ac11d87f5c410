import os

if isinstance(a, str) or issubclass(b, int):
    c = str(chr(d)), (bytes)
e = isinstance(a, ((str,), list))
f = (str,) + (bytes,)


class G(object):
    pass

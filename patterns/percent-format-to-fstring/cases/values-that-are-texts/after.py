import os.path
import sys


def describe(cls, names, path):
    a = f"{cls.__name__}"
    b = f"{cls.__name__!s:>10}"
    c = f"{cls.__name__!r}"
    d = f"{' '.join(names)}"
    e = f"{path.strip()!s}"
    f = f"{os.path.basename(path)!s}"
    g = f"{sys.version} on {sys.platform}"
    h = f"{sys.platform}"
    i = f"{__name__}: {path!s}"
    j = f"{names.join(path)!s}"
    return f"{__name__}"
k = f"{sys.platform!s:.3}"

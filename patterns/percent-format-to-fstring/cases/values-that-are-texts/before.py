import os.path
import sys


def describe(cls, names, path):
    a = "%s" % cls.__name__
    b = "%10s" % cls.__name__
    c = "%r" % cls.__name__
    d = "%s" % " ".join(names)
    e = "%s" % path.strip()
    f = "%s" % os.path.basename(path)
    g = "%s on %s" % (sys.version, sys.platform)
    h = "%s" % sys.platform
    i = "%s: %s" % (__name__, path)
    j = "%s" % names.join(path)
    return "%s" % __name__
k = "%.3s" % sys.platform

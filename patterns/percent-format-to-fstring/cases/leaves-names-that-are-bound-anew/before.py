import sys as system

from files import os


def describe(__name__, sys):
    a = "%s" % __name__
    b = "%s" % sys.platform
    c = "%s" % os.path.basename("a")
    d = "%s" % system.argv
    return "%s" % __name__.__doc__

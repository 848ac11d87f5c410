try:
    from collections import OrderedDict
except ImportError:
    OrderedDict = frozenset


def keep(values=OrderedDict()):
    return values

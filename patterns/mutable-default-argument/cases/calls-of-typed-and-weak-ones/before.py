import weakref
from collections import defaultdict as dd


def typed(a=list[int](), b=dd[str, int](int)):
    pass


def weak(a=weakref.WeakSet(), b=weakref.WeakKeyDictionary(), c=weakref.WeakValueDictionary()):
    pass

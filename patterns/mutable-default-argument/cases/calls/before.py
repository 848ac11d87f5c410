import collections
import collections as c
from collections import OrderedDict, defaultdict as dd, deque


def builtins(a=list(), b=dict(one=1), d=set("ab"), e=bytearray(3)):
    pass


def named(a=collections.Counter(), b=c.ChainMap(), d=OrderedDict(), e=dd(list), f=deque([1])):
    pass

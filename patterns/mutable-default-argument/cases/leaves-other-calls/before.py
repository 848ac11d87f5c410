import collections
from library import deque, list


def unknown(a=make(), b=deque(), c=list(), d=collections.namedtuple("A", "b"), e=OrderedDict(), f=self.list()):
    pass

import collections.abc, os


class A(collections.abc.MutableMapping):
    pass

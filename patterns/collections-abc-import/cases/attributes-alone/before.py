import collections, os


class A(collections.MutableMapping):
    pass

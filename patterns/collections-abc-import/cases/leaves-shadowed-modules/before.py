import collections


def f(collections):
    return collections.Mapping

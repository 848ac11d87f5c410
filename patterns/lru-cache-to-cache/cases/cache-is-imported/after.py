from functools import cache


@cache
def load(name):
    return name

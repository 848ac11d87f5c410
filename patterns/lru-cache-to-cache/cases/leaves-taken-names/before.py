from functools import lru_cache

from project import cache


@lru_cache(maxsize=None)
def load(name):
    return name

from functools import lru_cache, wraps


@lru_cache(maxsize=None)
def load(name):
    return name


@lru_cache(maxsize=3)
def load(name):
    return name

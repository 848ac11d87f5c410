from functools import cache, lru_cache, wraps


@cache
def load(name):
    return name


@lru_cache(maxsize=3)
def load(name):
    return name

from functools import cache, lru_cache


@lru_cache(maxsize=None)
def load(name):
    return name

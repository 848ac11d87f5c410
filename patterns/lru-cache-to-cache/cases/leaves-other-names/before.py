from functools import lru_cache as memo


@memo(maxsize=None)
def load(name):
    return name

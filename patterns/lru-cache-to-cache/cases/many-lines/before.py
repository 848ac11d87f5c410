from functools import (
    lru_cache,
    partial,
    wraps,
)


@lru_cache(
    maxsize=None,
)
def load(name):
    return name

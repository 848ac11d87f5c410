from functools import (
    cache,
    partial,
    wraps,
)


@cache
def load(name):
    return name

import functools
import functools as ft


@functools.lru_cache(maxsize=None)
def load(name):
    return name


@ft . lru_cache( None )  # keeps all
def load(name):
    return name

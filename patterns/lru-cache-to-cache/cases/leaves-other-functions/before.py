from project import lru_cache
import tools.functools as functools


@lru_cache(maxsize=None)
def load(name):
    return name


@functools.lru_cache(maxsize=None)
def load(name):
    return name

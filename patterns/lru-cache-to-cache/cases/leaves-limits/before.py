import functools
from functools import lru_cache


@lru_cache
def load(name):
    return name


@lru_cache()
def load(name):
    return name


@lru_cache(maxsize=128)
def load(name):
    return name


@lru_cache(maxsize=None, typed=True)
def load(name):
    return name


@functools.lru_cache(**options)
def load(name):
    return name


@lru_cache(*options)
def load(name):
    return name


@lru_cache(typed=None)
def load(name):
    return name

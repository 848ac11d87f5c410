import functools
import functools as ft


@functools.cache
def load(name):
    return name


@ft . cache  # keeps all
def load(name):
    return name

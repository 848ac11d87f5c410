import functools
from functools import lru_cache


@functools.lru_cache(*None)
def one(): ...


@functools.lru_cache(typed=None)
def two(): ...


@make()(None)
def three(): ...


@lru_cache(128)
def four(): ...

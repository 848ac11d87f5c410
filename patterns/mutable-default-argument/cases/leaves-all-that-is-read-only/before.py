import typing as t
from collections import abc


def of_builtins(a: bytes = bytearray(), b: frozenset = set(), c: str = list(), d: tuple = []):
    pass


def of_collections(a: abc.Container = [], b: abc.Iterable = [], c: abc.Reversible = [], d: abc.Sequence = [], e: abc.Sized = []):
    pass


def of_typing(a: t.AbstractSet = {1}, b: t.Collection = [], c: t.Container = [], d: t.FrozenSet = set(), e: t.Final[t.Iterable] = []):
    pass


def more_of_typing(a: t.Reversible = [], b: t.Sequence = [], c: t.Sized = [], d: t.Tuple = []):
    pass

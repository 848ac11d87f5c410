import functools
from enum import Enum
from typing import Optional, Union


def singleton(cls):
    return cls()


@singleton
class One: ...


@functools.lru_cache
class Two: ...


@functools.lru_cache(maxsize=None)
class Three: ...


class Four: ...


Four = Four()


class Five: ...


for Five in range(3):
    pass


class Six: ...


def replace():
    global Six
    Six = None


class Seven: ...


del Seven

if replace:

    class Eight: ...

else:
    Eight = None

try:
    from mine import Nine
except ImportError:

    class Nine: ...


class Outer(Enum):
    RED = 1
    BLUE = 2


Red, Blue = Outer


def f(
    a: Optional[One],
    b: Optional[Two],
    c: Optional[Three],
    d: Optional[Four],
    e: Optional[Five],
    g: Optional[Six],
    h: Optional[Seven],
    i: Optional[Eight],
    j: Optional[Nine],
    k: Union[Red, Blue],
): ...


def make(Local):
    class Inner:
        value: Optional[Local]

    return Inner

from typing import Generic, Optional, TypeVar

from mine import Base, meta, with_metaclass

T = TypeVar("T")


class Meta(type):
    def __or__(cls, other):
        return cls

    __ror__ = __or__


class One(metaclass=Meta): ...


class Two(One): ...


class Three(Base): ...


class Four(metaclass=meta): ...


class Five(**meta): ...


class Six(*meta): ...


class Seven(with_metaclass(Meta)): ...


class Eight(Generic[T]):
    def __class_getitem__(cls, item):
        return "eight"


class Nine(Base[int]): ...


Ten = type("Ten", (Base,), {})
Eleven = type(meta)


class Twelve(Twelve): ...


class Thirteen:
    class Inner(Base): ...


def f(
    a: Optional[One],
    b: Optional[Two],
    c: Optional[Three],
    d: Optional[Four],
    e: Optional[Five],
    g: Optional[Six],
    h: Optional[Seven],
    i: Optional[Eight[int]],
    j: Optional[Nine],
    k: Optional[Ten],
    m: Optional[Eleven],
    n: Optional[Twelve],
    o: Optional[Thirteen.Inner],
): ...

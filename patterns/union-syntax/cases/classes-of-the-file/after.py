import abc
import dataclasses
import enum
import functools
import typing
from collections import namedtuple
from typing import Dict, Generic, NamedTuple, Protocol, TypedDict, TypeVar

T = TypeVar("T")


@dataclasses.dataclass
class One: ...


@typing.final
@dataclasses.dataclass(frozen=True)
class Two(One): ...


@enum.unique
class Three(enum.Enum):
    A = 1


@functools.total_ordering
class Four(abc.ABC): ...


class Five(Generic[T], metaclass=abc.ABCMeta):
    class Inner:
        class Innermost: ...


class Six(Dict[str, T]): ...


class Seven(Six[int]): ...


class Eight(Protocol[T]): ...


class Nine(TypedDict, total=False): ...


class Ten(NamedTuple): ...


class Eleven(namedtuple("Eleven", "x y")): ...


class Twelve[S]: ...


class Thirteen(metaclass=enum.EnumMeta): ...


if T:

    class Fourteen: ...

else:

    class Fourteen(Exception): ...


Fifteen = enum.Enum("Fifteen", "A B")
Sixteen = dataclasses.make_dataclass("Sixteen", "x")
Seventeen = type("Seventeen", (One, Four), {})
NoneType = type(None)


def f(
    a: One | None,
    b: Two | Three | Four,
    c: Five[int] | None,
    d: Five.Inner | Five.Inner.Innermost | Six[int] | Seven,
    e: Eight[int] | Nine | Ten | Eleven | Twelve[int] | Thirteen | Fourteen | Fifteen | Sixteen | Seventeen | NoneType,
): ...

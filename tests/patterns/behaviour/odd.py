"""Values, classes and functions that notice how programs use them. Programs import them, and print `state()`."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import enum
import functools
import itertools
import types
import typing
import unittest
from collections import UserDict, defaultdict, namedtuple
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

log: list[object] = []
"""What was called and read, in order."""
texts: list[str] = []
"""Whose text was made, in order. Only the order among texts must stay, so this is a log of its own."""
stack: list[str] = ["first", "second", "third"]


class Loud:
    """Its text, its representation and what `format` gives all differ, and each is noted."""

    name = "loud é {0}"

    def __str__(self) -> str:
        texts.append("str")
        return "a Loud"

    def __repr__(self) -> str:
        texts.append("repr")
        return "Loud('ü')"

    def __format__(self, spec: str) -> str:
        texts.append(f"format {spec}")
        return f"formatted with {spec}"

    def __getitem__(self, key: object) -> object:
        return key


class Text(str):
    """Prints itself, and formats itself otherwise."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return f"formatted with {spec}"


class Safe(str):
    """Text that stays marked whatever is asked for, as that of template engines does."""

    __slots__ = ()

    def __str__(self) -> str:
        return self


class Marked(Safe):
    """Text that also stays marked when it is formatted."""

    __slots__ = ()

    def __format__(self, _: str) -> Marked:
        return self


class Number(int):
    """A number with a text of its own."""

    def __str__(self) -> str:
        return "a Number"

    def __format__(self, spec: str) -> str:
        return f"number {spec}"


class Broken:
    """Has no text."""

    def __str__(self) -> str:
        raise LookupError("no text")

    def __repr__(self) -> str:
        return "Broken()"


class Growing(UserDict[str, str]):
    """Makes items when they are asked for, as a `defaultdict` does."""

    def __missing__(self, key: str) -> str:
        self.data[key] = f"made {len(self.data)}"
        return self.data[key]


class Pair(tuple[int, int]):
    """A tuple that prints itself as one text."""

    __slots__ = ()

    def __str__(self) -> str:
        return "a Pair"


class Named(type):
    """The class of classes that print themselves, compare and combine otherwise."""

    def __str__(cls) -> str:
        return "a class"

    def __format__(cls, spec: str) -> str:
        return f"class {spec}"

    def __or__(cls, other: object) -> Any:
        return f"{cls.__name__} or {other}"

    def __ror__(cls, other: object) -> Any:
        return f"{other} or {cls.__name__}"


class Thing(metaclass=Named):
    """A class that isn't printed and combined as others are."""


class Color(enum.Enum):
    """Members that print their names."""

    RED = 1
    BLUE = 2


class Shade(str, enum.Enum):  # noqa: UP042 - StrEnum prints otherwise
    """Members that are text, too."""

    DARK = "dark"


class Level(enum.IntEnum):
    """Members that are numbers, too."""

    HIGH = 3


Row = namedtuple("Row", "name size")


class Owner:
    """Has attributes that are computed, one of which counts how often it is read."""

    def __init__(self) -> None:
        self.table = Growing(key="value")
        self._ids = itertools.count(1)

    @property
    def next_id(self) -> int:
        log.append("next_id")
        return next(self._ids)

    @property
    def size(self) -> int:
        return len(self.table)


def call(value: object) -> object:
    """Give the value, and change what others print."""
    log.append(value)
    stack.append(f"call {value}")
    return value


def fail(error: BaseException) -> None:
    """Raise the error."""
    raise error


def numbers() -> Iterator[int]:
    """Two numbers, each noted when it is made."""
    for number in range(2):
        call(number)
        yield number


def run(coroutine: Coroutine[Any, Any, object]) -> object:
    """The result of a coroutine that never waits."""
    with contextlib.closing(coroutine):
        try:
            coroutine.send(None)
        except StopIteration as done:
            return done.value
    return None


def show(*values: object) -> None:
    """Print values and their types."""
    for value in values:
        print(type(value).__name__, value)  # noqa: T201 - what programs print is compared


def unchanged(made: Any) -> Any:
    """A decorator that gives what it gets."""
    return made


loud, text, safe, blank, broken, owner = Loud(), Text("té%s{}"), Safe("<b>"), Marked(""), Broken(), Owner()
number, half, nothing, flag, width = Number(3), 3.7, None, True, 9
pair, single, twin, row = (1, 2), ("alone",), Pair((1, 2)), Row("n", 4)
error = KeyError("é", 1)
table, items = Growing(key="value"), defaultdict(list, {"key": [1]})


def state() -> object:
    """All that programs may have changed."""
    return log, texts, stack, dict(table), dict(items), dict(owner.table)


# Classes for bases, and what looks into classes.


class Curious(type):
    """Notes the bases of its classes as they are written."""

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **_: object) -> Any:
        namespace["seen"] = [base.__name__ for base in bases]
        return super().__new__(mcs, name, bases, namespace)


class Base:
    """What programs inherit from."""

    def value(self: Any = None) -> str:
        return "base"

    def __lt__(self, other: object) -> bool:
        return True


class Other(Base):
    """Another answer to the same question."""

    def value(self: Any = None) -> str:
        return "other"


class Mixin:
    """A second base."""


class Watched:
    """Notes its subclasses, and the keywords of their definitions."""

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__()
        log.append((cls.__name__, options))


def replaced(made: Any) -> Any:
    """A decorator that puts another class under the name."""
    return type(made.__name__, (made,), {})


def subclass_later(made: Any) -> Any:
    """A subclass with another answer."""
    return type("Later", (made,), {"value": lambda *_: "later"})


def answers(made: Any) -> list[object]:
    """What the methods of a class answer, when they are called on an instance and on the class."""
    seen: list[object] = []
    for name in ("move", "run"):
        for target in (made, made()):
            try:
                seen.append(getattr(target, name)())
            except Exception as error:
                seen.append(type(error).__name__)
    return seen


def shape(made: type) -> object:
    """What a class is made of."""
    return type(made).__name__, [base.__name__ for base in made.__mro__], vars(made).get("seen"), made.__doc__


class OwnAssertions:
    """No test case of unittest, and has only the old name of one of its methods, as a base class of SQLAlchemy's."""

    def assert_(self, value: object) -> None:
        assert value

    def assertEquals(self, first: object, second: object) -> None:  # noqa: N802 - unittest's old name
        log.append((first, second))


class HelpfulCase(unittest.TestCase):
    """A test case that says more than unittest's."""

    def assertEqual(self, first: object, second: object, msg: object = None) -> None:  # noqa: N802 - unittest's name
        log.append((first, second, msg))


def outcome(case: Any) -> str:
    """How the test of a test case ends."""
    try:
        made = case("test") if issubclass(case, unittest.TestCase) else case()
        made.test()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "passed"


# Types, and what looks into annotations.


def singleton(made: Any) -> Any:
    """A decorator that gives the one instance in place of the class."""
    return made()


def hints(annotated: Any) -> object:
    """The types of what is annotated, without the differences between equal spellings."""
    found = typing.get_type_hints(annotated, include_extras=True)
    return {name: _plain(hint) for name, hint in sorted(found.items())}


def fields(made: Any) -> object:
    """The names and types of a dataclass."""
    return [(field.name, _plain(field.type)) for field in dataclasses.fields(made)]


def _plain(hint: Any) -> object:
    origin = typing.get_origin(hint)
    if isinstance(hint, (list, tuple)):
        return [_plain(item) for item in hint]
    if origin is None:
        return repr(type(None) if hint is None else hint)
    arguments = [_plain(item) for item in typing.get_args(hint)]
    if origin in (typing.Union, types.UnionType):
        return ["union", *sorted(map(str, arguments))]
    return [repr(origin), *arguments] if arguments else repr(origin)


# Times.


class Zone(dt.tzinfo):
    """A time zone with the method of pytz, which takes naive datetimes only."""

    def utcoffset(self, _: dt.datetime | None) -> dt.timedelta:
        return dt.timedelta(hours=1)

    def dst(self, _: dt.datetime | None) -> dt.timedelta:
        return dt.timedelta(0)

    def tzname(self, _: dt.datetime | None) -> str:
        return "odd"

    def localize(self, moment: dt.datetime, *, is_dst: bool | None = False) -> dt.datetime:  # noqa: ARG002 - as pytz
        if moment.tzinfo is not None:
            raise ValueError("Not naive datetime (tzinfo is already set)")
        return moment.replace(tzinfo=self)


zone = Zone()


def make_aware(value: dt.datetime, zone: dt.tzinfo = zone) -> dt.datetime:
    """As Django's function of this name."""
    if value.tzinfo is not None:
        raise ValueError(f"make_aware expects a naive datetime, got {value.tzinfo}")
    return value.replace(tzinfo=zone)


cached: Callable[..., Any] = functools.lru_cache(maxsize=None)

"""Whatever the codemod rewrites makes a class with the same ancestors, or fails as it did."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

ID = "no-object-base"

Transform = Callable[[str, str], str]

PRELUDE = """\
from abc import ABCMeta
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")

class Curious(type):
    def __new__(mcs, name, bases, namespace):
        namespace["seen"] = bases
        return super().__new__(mcs, name, bases, namespace)

class Base: pass
class Child(Base): pass
class Mixin: pass
class Slotted: __slots__ = ("a",)
none = ()
several = (Child, Mixin)
"""

BASES = [
    *("", "Base", "Base, Mixin", "Child, Base", "Base, Child", "Generic[T]", "Protocol", "dict", "Slotted", "int, str"),
    *("*none", "*several", "object", "Base, object"),
]
ENDS = [
    "",
    ",",
    " ,",
    ", metaclass=ABCMeta",
    ", metaclass=type",
    ", metaclass=Curious",
    ", Mixin",
    ", *none",
    ", *several",
]


def _run(statement: str) -> object:
    names: dict[str, Any] = {"__name__": "module"}
    exec(PRELUDE, names)  # noqa: S102 - our own text
    try:
        exec(statement, names)  # noqa: S102 - our own text
    except Exception as error:
        return type(error)
    made = names["Made"]
    seen = [base.__name__ for base in vars(made).get("seen", ())]
    return type(made).__name__, [base.__name__ for base in made.__mro__], seen, made.__doc__


def test_a_rewritten_class_has_the_same_ancestors(transform: Transform) -> None:
    statements = [
        f'class Made({bases}{", " if bases else ""}object{end}): "documented"' for bases, end in product(BASES, ENDS)
    ]

    after = transform(ID, PRELUDE + "".join(f"{line}\n" for line in statements))[len(PRELUDE) :].splitlines()

    rewritten = [(old, new) for old, new in zip(statements, after, strict=True) if old != new]
    assert len(rewritten) > 50
    for old, new in rewritten:
        assert _run(old) == _run(new), (old, new)

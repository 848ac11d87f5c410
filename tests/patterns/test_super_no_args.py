"""Whatever the codemod rewrites finds the same method, or fails as it did."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

ID = "super-no-args"

Transform = Callable[[str, str], str]

PRELUDE = """\
import dataclasses, functools

class Meta(type):
    def __new__(mcs, name, bases, namespace, **options):
        return super().__new__(mcs, name, bases, namespace)

class Base(metaclass=Meta):
    def value(self=None):
        return "base"
    def __lt__(self, other):
        return True

def replaced(made):
    return type(made.__name__, (made,), {})

def subclass_later(made):
    class Later(made):
        def value(self=None):
            return "later"
    return Later
"""

CLASS_DECORATORS = ["", "@replaced\n", "@functools.total_ordering\n", "@dataclasses.dataclass(slots=True)\n"]
SIGNATURES = [
    "def run(self):",
    "def run(self, /):",
    "def run(this, self=None):",
    "def run(self, Child=None):",
    "def run(*self):",
    "def run(*, self=None):",
    "@classmethod\ndef run(self):",
    "@staticmethod\ndef run(self=None):",
]
FIRST_STATEMENTS = [
    *("pass", "self = Child()", "Child = Base", "global Child", "super = None", "__class__ = None"),
    *("del self", "[self := None for _ in 'a']", "import os as Child", "for self in ['x']: pass"),
    "match 1:\n    case self: pass",
    "def inner():\n    nonlocal self\n    self = None\ninner()",
]
CALLS = [
    "super(Child, self)",
    "super(Outer.Child, self)",
    "super( Child , self )",
    "super(\n    Child,\n    self,\n)",
    "super(Base, self)",
    "super(Child, this)",
    "super(Child)",
    "super(type(self), self)",
]
RESULTS = [
    *("{}.value()", "(lambda: {}.value())()", "[{}.value() for _ in 'ab']"),
    *("[letter for letter in {}.value()]", "list({}.value() for _ in 'ab')", "f'{{{}.value()}}'"),
    "f'{{{}.value()=}}'",
]
TEMPLATES = [
    "{}",
    "if True:\n{}",
    "class Outer:\n{}",
    "def make():\n{}",
    "for _ in range(2):\n{}",
    "class Outer:\n  class Middle:\n{}",
]
ENDINGS = ["", "Child = subclass_later(Child)", "del Child", "def Child(): pass", "from os import path as Child"]


def _indent(text: str, prefix: str = "    ") -> str:
    return "".join(f"{prefix}{line}\n" for line in text.splitlines())


DIMENSIONS = (CLASS_DECORATORS, SIGNATURES, FIRST_STATEMENTS, RESULTS, CALLS, TEMPLATES, ENDINGS)


def _chunks() -> list[str]:
    """A child class whose method calls `super` somehow, made somewhere, and what happens to its name afterwards: all
    that differs from the plainest in one or two ways. Each has names of its own, so that one file can hold them all.
    """
    plainest = [choices[0] for choices in DIMENSIONS]
    chunks: dict[str, None] = {}
    for one, two in itertools.combinations(range(len(DIMENSIONS)), 2):
        for choice in itertools.product(DIMENSIONS[one], DIMENSIONS[two]):
            chosen = list(plainest)
            chosen[one], chosen[two] = choice
            chunks[_chunk(*chosen)] = None
    own_names = re.compile(r"\b(?:Child|Outer|Middle|make)\b")
    return [own_names.sub(rf"\g<0>{index}", chunk) for index, chunk in enumerate(chunks) if _is_valid(chunk)]


def _chunk(*chosen: str) -> str:
    decorator, signature, statement, result, call, template, ending = chosen
    method = f"{signature}\n{_indent(statement)}{_indent(f'return {result.format(call)}')}"
    child = f"{decorator}class Child(Base):\n{_indent(method)}made.append(Child)\n{ending}\n"
    text = template.format(child if template == "{}" else _indent(child))
    return text + ("make()\n" if "def make" in template else "")


def _run(text: str) -> list[object]:
    made: list[Any] = []
    names: dict[str, Any] = {"made": made, "__name__": "module"}
    seen: list[object] = []
    try:
        exec(compile(text, "<module>", "exec"), names)  # noqa: S102 - our own text
    except Exception as error:
        seen.append(type(error))
    for child, on_class in itertools.product(made, (False, True)):
        try:
            seen.append(child.run() if on_class else child().run())
        except Exception as error:
            seen.append(type(error))
    return seen


def _is_valid(text: str) -> bool:
    try:
        compile(text, "<module>", "exec")
    except SyntaxError:
        return False
    return True


def test_a_rewritten_call_finds_the_same_method(transform: Transform) -> None:
    chunks, mark = _chunks(), "# next\n"

    after = transform(ID, mark.join([PRELUDE, *chunks])).split(mark)[1:]

    rewritten = [(old, new) for old, new in zip(chunks, after, strict=True) if old != new]
    assert len(rewritten) > 60
    for old, new in rewritten:
        assert _run(PRELUDE + old) == _run(PRELUDE + new), new

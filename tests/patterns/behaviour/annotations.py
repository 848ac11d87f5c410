"""Programs with type annotations, which Python may evaluate and other modules may read."""

from __future__ import annotations

from tests.patterns.behaviour.check import Family

ANNOTATIONS = Family(
    codemods=("builtin-generics", "union-syntax"),
    same_errors=False,  # of a program that can't be imported, nobody asks why
    names=("Thing", "fields", "hints", "log", "singleton", "unchanged"),
    grammar={
        "program": [
            (
                "<future>\nimport xml.etree.ElementTree as ET\n"
                "import collections, dataclasses, enum, functools, typing\nimport typing as t\n"
                "from typing import (Annotated, Any, Callable, DefaultDict, Dict, FrozenSet, Generic, List, Literal,\n"
                "    NamedTuple, NewType, Optional, Set, Tuple, Type, TypedDict, TypeVar, Union, cast)\n"
                "<imports>\n\nT = TypeVar('T')\nName = NewType('Name', str)\n\nclass Box(Generic[T]):\n    pass\n\n"
                "<definition>\n\n<use>\n"
            )
        ],
        # A program with names of `odd` can't have it, for their import stands above.
        "future": ["", "", "", "from __future__ import annotations"],
        "imports": [
            *("import odd as Found", "from xml.etree import ElementTree as Found", "from odd import Color as Found"),
            *("from tempfile import NamedTemporaryFile as Found", "from subprocess import PIPE as Found"),
            *("from ctypes import POINTER as Found", "from decimal import Decimal as Found"),
            *("from odd import Thing as Found", "from threading import Lock as Found", "from odd import Row as Found"),
            *("from odd import Level\nFound = Level.HIGH", "from odd import *\nFound = Loud"),
            "try:\n    from odd import Loud as Found\nexcept ImportError:\n    Found = None",
            "from odd import Loud as list, Loud as Found",
        ],
        "definition": [
            "class Own: pass",
            "class Own(enum.Enum):\n    RED = 1\n    BLUE = 2",
            "@singleton\nclass Own:\n    def __repr__(self): return 'the only one'",
            "@functools.lru_cache(maxsize=None)\nclass Own: pass",
            "@unchanged\nclass Own: pass",
            "@dataclasses.dataclass\nclass Own:\n    x: int = 0",
            "class Own(Thing): pass",
            (
                "class Combines(type):\n    def __or__(cls, other): return 'combined'\n    __ror__ = __or__\n\n"
                "class Own(metaclass=Combines): pass"
            ),
            "class Own(NamedTuple):\n    x: int",
            "class Own(TypedDict):\n    x: int",
            "Own = NewType('Own', int)",
            "Own = collections.namedtuple('Own', 'x y')",
            "Own = Union[int, str]",
            "Own = Optional['Box']",
            "def Own(): pass",
            "Own = TypeVar('Own', bound='Box')",
            "class Own: pass\nOwn = singleton(Own)",
            "Own = None",
            "Own = ...",
            "class Own(Exception): pass\nclass Own2(Own): pass",
        ],
        "use": [
            "def f(x: <type>, y: <type> = None) -> <type>:\n    return x\n\nprint(f(1), hints(f))",
            "def f(x: <type> = None):\n    return x\n\nprint(f())",
            "def f(x: '<union>', y: 'Optional[<generic>]' = None) -> '<generic>':\n    return x\n\nprint(f(1))",
            "class A:\n    x: <type>\n    y: <type> = None\n\nprint(hints(A))",
            (
                "class A:\n    def list(self, x: <type>) -> <type>: return 1\n    def f(self, x: <type>): return x\n\n"
                "print(A().f(1), hints(A.f))"
            ),
            (
                "@dataclasses.dataclass\nclass A:\n    x: <type>\n"
                "    y: <type> = None\n\nprint(A(1), hints(A), len(fields(A)))"
            ),
            "class A(NamedTuple):\n    x: <type>\n\nprint(A(1), hints(A))",
            "A = NamedTuple('A', [('x', <type>)])\nprint(A(1), hints(A))",
            "A = TypedDict('A', {'x': <type>})\nprint(hints(A))",
            "x: <type> = 1\nprint(x)",
            "def f():\n    x: <type> = 1\n    return x\n\nprint(f())",
            "async def f(x: <type>): pass\n\nprint(hints(f))",
            "print(cast(<type>, 1), cast('<type>', 1))",
            "print(isinstance(1, <type>))",
            (
                "@functools.singledispatch\ndef f(x): return 'any'\n\n@f.register\n"
                "def _(x: <type>): return 'this'\n\nprint(f(1), f(None))"
            ),
            "def f(x: <type>): pass\n\nprint(f.__annotations__)",
            "def f(x: <type>): pass\n\nprint(typing.get_type_hints(f)['x'] == <type>)",
            "def f(x: <generic>): pass\n\nprint({<generic>: 'found'}.get(typing.get_type_hints(f)['x']))",
            "import inspect\n\ndef f(x: <type>): pass\n\nprint(inspect.signature(f))",
            "Alias = <type>\ndef f(x: Alias, y: Optional[Alias]): pass\n\nprint(hints(f))",
            "Alias = <generic>\nprint(Alias is <generic>, Alias == <generic>, hash(Alias) == hash(<generic>))",
            "class A(<generic>): pass\n\nprint([base.__name__ for base in A.__mro__])",
            (
                "def outer():\n    class Own: pass\n"
                "    def f(x: <type>) -> <type>: return x\n    return f\n\nprint(outer()(1))"
            ),
            (
                "def outer(list, Own):\n    def f(x: <type>) -> <type>: return x\n"
                "    return f\n\nprint(outer(print, print)(1))"
            ),
        ],
        "type": [
            "<union>",
            "<union>",
            "<generic>",
            "'<known>'",
            "Optional[<generic>]",
            "<union> | None",
        ],
        # What Python doesn't evaluate may name anything, so only known types are in strings that `hints` evaluates.
        "known": ["Optional[int]", "Union[Box, str]", "List[Optional[Box]]", "List", "Dict[str, Union[int, None]]"],
        "union": [
            *("Optional[<atom>]", "Union[<atom>, <atom>]", "Union[<atom>, None]", "Optional[Optional[<atom>]]"),
            *("Union[int, Optional[<atom>]]", "Union[Optional[<atom>], Optional[str]]", "Optional[Union[<atom>, int]]"),
            *(
                "typing.Optional[<atom>]",
                "t.Union[<atom>, str]",
                "Union[<generic>, None]",
                "Union[<atom>]",
                "Optional[None]",
            ),
            *("Union[Own.RED, Own.BLUE]", "Union[<atom>, int] | None", "Annotated[Optional[<atom>], 'note']"),
            *("Callable[[Optional[<atom>]], None]", "Type[Union[<atom>, int]]", "Union[(<atom>, str)]"),
        ],
        "generic": [
            *("List[int]", "List[<atom>]", "Dict[str, <atom>]", "Set[Optional[<atom>]]", "Tuple[<atom>, ...]"),
            *("Type[<atom>]", "typing.List[<atom>]", "t.Dict[str, List[<atom>]]", "DefaultDict[str, <atom>]", "List"),
            *("Callable[[List[<atom>]], None]", "List['Box']", "FrozenSet[<atom>]", "Tuple[()]", "Tuple"),
        ],
        "atom": [
            *("Own", "int", "str", "Own", "Box", "Box[int]", "'Box'", "'Own'", "T", "Name", "None", "type", "Any"),
            *(
                "Found",
                "ET",
                "Found.RED",
                "Own.RED",
                "NamedTuple",
                "Ellipsis",
                "NotImplemented",
                "bool",
                "callable",
                "Own | int",
            ),
            *("Literal['a']", "Callable[..., int]", "List[int]", "list", "collections.OrderedDict", "(Own)", "object"),
            *("ET.Element", "Thing", "t.Any"),
        ],
    },
)

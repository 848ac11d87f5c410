"""What certainly is a type, so that it may stand beside `|`.

`Union` takes functions, strings and names of types alike. Some names look like types and are none.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Mapping

import libcst as cst

from pytest_orchestrator.api.codemods import ModuleTypes, typing_name
from pytest_orchestrator.api.patterns import Binding, Scope, dotted_name

_CAPITALIZED = re.compile(r"(?!None$|True$|False$)_*[A-Z]")
# Named like classes, and are functions or methods.
_FUNCTIONS = frozenset(
    ["threading.Lock", "threading.RLock", "typing.NamedTuple", "typing.TypedDict"]
    + [
        f"multiprocessing.{name}"
        for name in (
            *("Array", "Barrier", "BoundedSemaphore", "Condition", "Event", "JoinableQueue", "Lock", "Manager", "Pipe"),
            *("Pool", "Queue", "RLock", "RawArray", "RawValue", "Semaphore", "SimpleQueue", "Value"),
        )
    ]
)
# Classes that are not named like one.
_CLASSES = frozenset(
    f"{module}.{name}"
    for module, names in {
        "array": "array",
        "ast": "alias arg arguments boolop cmpop comprehension excepthandler expr keyword mod operator stmt unaryop",
        "collections": "defaultdict deque",
        "datetime": "date datetime time timedelta timezone tzinfo",
        "functools": "partial",
        "netrc": "netrc",
        "numpy": "dtype generic ndarray",
        "os": "stat_result terminal_size",
        "py.path": "local",
        "socket": "socket",
        "time": "struct_time",
        "weakref": "ref",
    }.items()
    for name in names.split()
)
# What makes a type when it is called.
_MAKERS = frozenset(
    [
        *("builtins.type", "collections.namedtuple"),
        *("typing.NamedTuple", "typing.NewType", "typing.TypeVar", "typing.TypedDict"),
    ]
)


class Operands:
    """The types of a file, as far as it tells."""

    def __init__(self, types: ModuleTypes) -> None:
        self._values: Mapping[cst.CSTNode, cst.BaseExpression] = {
            target: node.value for node in types.scopes if isinstance(node, cst.Assign) for target in node.targets
        }

    def is_type(self, operand: cst.BaseExpression, scope: Scope) -> bool:
        """Whether the operand is None or a type."""
        match operand:
            case cst.Name(value="None"):
                return True
            case cst.Name() | cst.Attribute():
                return self._names_type(operand, scope)
            case cst.Subscript():
                return self.is_type(operand.value, scope)
            case cst.BinaryOperation(operator=cst.BitOr()):
                return self.is_type(operand.left, scope) and self.is_type(operand.right, scope)
            case _:
                return False

    def _names_type(self, name: cst.Name | cst.Attribute, scope: Scope) -> bool:
        qualified = typing_name(name, scope)
        if qualified in _FUNCTIONS or qualified in _CLASSES:
            return qualified in _CLASSES
        head, _, rest = (dotted_name(name) or "").partition(".")
        bindings = scope.resolve(head)
        if not bindings and not rest and isinstance(getattr(builtins, head, None), type):
            return True
        capitalized = _CAPITALIZED.match((rest or head).rpartition(".")[2]) is not None
        return capitalized and (bool(rest) or all(self._binds_type(binding, scope) for binding in bindings))

    def _binds_type(self, binding: Binding, scope: Scope) -> bool:
        """Whether a capitalized name means a type by this binding; one that is imported is taken for such."""
        match binding.node, self._values.get(binding.node):
            case (cst.ClassDef() | cst.ImportAlias() | cst.TypeVar() | cst.TypeAlias(), _):
                return True
            case (_, cst.Call(func=function)):
                return typing_name(function, scope) in _MAKERS
            case (_, cst.Name() | cst.Attribute() as value):
                name = (dotted_name(value) or "").rpartition(".")[2]
                return isinstance(getattr(builtins, name, None), type) or _CAPITALIZED.match(name) is not None
            case (_, cst.Subscript() as value):
                return self.is_type(value.value, scope)
            case (_, cst.BinaryOperation(operator=cst.BitOr())):
                return True
            case _:
                return False

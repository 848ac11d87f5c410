"""What is known of evaluating a value: whether it may change another one, and whether its own text may change later.

`format` takes its arguments as they are, whatever their type, so more may stand in its calls than behind a `%`.
"""

from __future__ import annotations

import libcst as cst
from libcst import matchers as m

from pytest_orchestrator.pattern_engine.authoring import interpolation
from pytest_orchestrator.pattern_engine.authoring.interpolation import NUMBERS, TEXTS, called_builtin
from pytest_orchestrator.pattern_engine.scope import Scope

CONSTANTS = (*NUMBERS, *TEXTS)

# What these attributes of classes, functions and modules hold is text.
_NAMES_OF_THINGS = frozenset({"__file__", "__module__", "__name__", "__qualname__"})
# Methods of text that give text. Other classes that have one of the name use it as text does.
_OF_TEXT = frozenset(
    [
        *("capitalize", "casefold", "center", "expandtabs", "ljust", "lower", "lstrip", "replace", "rjust", "rstrip"),
        *("strip", "swapcase", "title", "upper", "zfill"),
    ]
)
_BUILTINS_THAT_ONLY_LOOK = frozenset(
    [
        *("ascii", "bin", "bool", "callable", "chr", "float", "hash", "hex", "id", "int", "isinstance", "issubclass"),
        *("len", "oct", "ord", "repr", "str", "type"),
    ]
)
_FUNCTIONS_THAT_ONLY_LOOK = frozenset(
    [
        *("datetime.date.today", "datetime.datetime.now", "os.getcwd", "os.getpid", "time.time"),
        *("os.path.abspath", "os.path.basename", "os.path.dirname", "os.path.exists", "os.path.isdir"),
        *("os.path.isfile", "os.path.join", "os.path.normpath", "os.path.realpath", "os.path.relpath"),
    ]
)


def is_settled(value: cst.BaseExpression, scope: Scope) -> bool:
    """Whether the text of `value` is certain once it is evaluated, whatever runs afterwards."""
    match value:
        case cst.Name():
            bindings = scope.resolve(value.value)
            return bool(bindings) and all(_counts(binding.node, value.value, scope) for binding in bindings)
        case cst.Attribute():
            return value.attr.value in _NAMES_OF_THINGS
        case cst.Call(func=cst.Attribute(value=receiver, attr=cst.Name(value=method))) if isinstance(receiver, TEXTS):
            return method in _OF_TEXT or method == "join"
    return interpolation.is_settled(value, scope)


def is_steady(value: cst.BaseExpression, scope: Scope) -> bool:
    """Whether `value`, read twice, is certainly the same: nothing computes it, as a property may."""
    if isinstance(value, cst.Attribute):
        return is_settled(value, scope) or scope.qualified_name(value) is not None
    return isinstance(value, (cst.Name, *CONSTANTS))


def is_plainly_read(value: cst.BaseExpression, scope: Scope) -> bool:
    """Whether evaluating `value` changes nothing: a literal, a name, an attribute or item, what operators make of such,
    or a call that is known to look and not to touch.

    A property or an operator that changes what other values print is not thought of.
    """
    match value:
        case cst.Attribute():
            return is_plainly_read(value.value, scope)
        case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Index(value=index, star=None))]):
            return is_plainly_read(value.value, scope) and is_plainly_read(index, scope)
        case cst.BinaryOperation() | cst.BooleanOperation():
            return is_plainly_read(value.left, scope) and is_plainly_read(value.right, scope)
        case cst.UnaryOperation():
            return is_plainly_read(value.expression, scope)
        case cst.Call():
            return _only_looks(value, scope)
    return isinstance(value, (cst.Name, *CONSTANTS))


def reads_item_of(value: cst.BaseExpression, container: cst.BaseExpression) -> bool:
    """Whether an item of `container` is read in `value`: that of a `defaultdict` may be made on the spot."""
    return any(
        cst.ensure_type(found, cst.Subscript).value.deep_equals(container) for found in m.findall(value, m.Subscript())
    )


def _only_looks(call: cst.Call, scope: Scope) -> bool:
    read = [arg.value for arg in call.args if not arg.star and arg.keyword is None]
    if len(read) < len(call.args) or not all(is_plainly_read(value, scope) for value in read):
        return False
    if isinstance(call.func, cst.Attribute) and call.func.attr.value in _OF_TEXT:
        return is_plainly_read(call.func.value, scope)
    if called_builtin(call, scope) in _BUILTINS_THAT_ONLY_LOOK:
        return True
    return scope.qualified_name(call.func) in _FUNCTIONS_THAT_ONLY_LOOK


def _counts(binding: cst.CSTNode, name: str, scope: Scope) -> bool:
    """Whether `binding` is a loop that gives `name` one number after the other: `for name in range(10)`."""
    if not isinstance(binding, cst.For | cst.CompFor):
        return False
    match called_builtin(binding.iter, scope), binding.target:
        case ("range", cst.Name()):
            return True
        case ("enumerate", cst.Tuple(elements=[cst.Element(value=cst.Name(value=number)), rest])):
            return number == name and not m.findall(rest, m.Name(name))
    return False

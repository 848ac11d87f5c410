"""What is certain about the value of an expression, and about the effects of evaluating it.

`"%s %s" % (a, b())` calls `b` before it formats `a`; an f-string calls `b` after that, and `b` may change `a`. So a
codemod may move a value into an f-string only if evaluating it has no side effect, or if the text of the values before
it is fixed.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from pytest_orchestrator.pattern_engine.worker.authoring.nodes import find_nodes
from pytest_orchestrator.pattern_engine.worker.scope import Scope, dotted_name

NUMBER_LITERALS = (cst.Integer, cst.Float, cst.Imaginary)
"""The node types of number literals."""
_STRINGS = (cst.SimpleString, cst.ConcatenatedString)
LITERALS = (*NUMBER_LITERALS, *_STRINGS)
"""The node types of number and string literals."""

# The builtins whose result is certain. `str` and `repr` may give a subclass of str, which formats as its own text.
_GIVES_INTEGER = frozenset({"hash", "id", "int", "len", "ord"})
_GIVES_TEXT = frozenset({"ascii", "bin", "chr", "hex", "oct", "repr", "str"})
_KEEPS_INTEGERS = (cst.Add, cst.Subtract, cst.Multiply)

# These attributes of classes, functions and modules are text.
_NAMES_OF_THINGS = frozenset({"__file__", "__module__", "__name__", "__qualname__"})
TEXT_METHODS = frozenset(
    [
        *("capitalize", "casefold", "center", "expandtabs", "ljust", "lower", "lstrip", "replace", "rjust", "rstrip"),
        *("strip", "swapcase", "title", "upper", "zfill"),
    ]
)
"""The methods of `str` that return text and change nothing. Other classes use these names in the same sense."""
_SIDE_EFFECT_FREE_METHODS = TEXT_METHODS | {"as_posix", "decode", "encode", "endswith", "hexdigest", "isoformat"}
_SIDE_EFFECT_FREE_METHODS |= {"startswith", "total_seconds"}
_TEXTS_OF_MODULES = frozenset(
    ["os.linesep", "os.name", "os.sep", "sys.executable", "sys.platform", "sys.prefix", "sys.version"]
)
_SIDE_EFFECT_FREE_BUILTINS = frozenset(
    [
        *("abs", "ascii", "bin", "bool", "callable", "chr", "float", "getattr", "hasattr", "hash", "hex", "id", "int"),
        *("isinstance", "issubclass", "len", "oct", "ord", "repr", "round", "str", "type"),
    ]
)
SIDE_EFFECT_FREE_FUNCTIONS = frozenset(
    [
        *("datetime.date.today", "datetime.datetime.now", "os.getcwd", "os.getpid", "time.time"),
        *("os.path.abspath", "os.path.basename", "os.path.dirname", "os.path.exists", "os.path.isdir"),
        *("os.path.isfile", "os.path.join", "os.path.normpath", "os.path.realpath", "os.path.relpath"),
        *("platform.machine", "platform.platform", "platform.python_version", "platform.release", "platform.system"),
        *("socket.gethostname", "sys.getdefaultencoding", "sys.getfilesystemencoding"),
    ]
)
"""The full names of functions of the standard library that only read: the list is not complete."""


def is_integer(value: cst.BaseExpression, scope: Scope) -> bool:
    """Whether `value` is certainly an `int`, and not of a subclass. `scope` is the scope that `value` is read in."""
    match value:
        case cst.UnaryOperation(operator=cst.Minus() | cst.Plus()):
            return is_integer(value.expression, scope)
        case cst.BinaryOperation():
            both = is_integer(value.left, scope) and is_integer(value.right, scope)
            return both and isinstance(value.operator, _KEEPS_INTEGERS)
    return isinstance(value, cst.Integer) or called_builtin(value, scope) in _GIVES_INTEGER


def is_text(value: cst.BaseExpression, scope: Scope) -> bool:
    """Whether `value` is certainly a `str`: a literal, `__name__`, `str(...)`, `", ".join(...)`, `os.sep`."""
    match value:
        case cst.Name():
            return value.value in _NAMES_OF_THINGS and scope.owner(value.value) is None
        case cst.Attribute():
            return value.attr.value in _NAMES_OF_THINGS or scope.qualified_name(value) in _TEXTS_OF_MODULES
        case cst.Call(
            func=cst.Attribute(value=cst.SimpleString() | cst.ConcatenatedString(), attr=cst.Name(value=name))
        ):
            return name in TEXT_METHODS or name == "join"
    return isinstance(value, _STRINGS) or called_builtin(value, scope) in _GIVES_TEXT


def has_fixed_text(value: cst.BaseExpression, scope: Scope) -> bool:
    """Whether the text of `value` certainly can't change later: a number, text, a comprehension's counter."""
    if isinstance(value, NUMBER_LITERALS) or is_integer(value, scope) or is_text(value, scope):
        return True
    return isinstance(value, cst.Name) and _is_counter(value.value, scope)


def is_repeatable(value: cst.BaseExpression, scope: Scope) -> bool:
    """Whether reading `value` twice certainly gives the same object: it is no call, and no property computes it."""
    if isinstance(value, cst.Attribute):
        return has_fixed_text(value, scope) or scope.qualified_name(value) is not None
    return isinstance(value, (cst.Name, *LITERALS))


def is_side_effect_free(value: cst.BaseExpression, scope: Scope) -> bool:
    """Whether evaluating `value` has no side effect.

    That is so for literals, names, attributes, items, operators on such, and calls of functions without side effects
    (`SIDE_EFFECT_FREE_FUNCTIONS`, `TEXT_METHODS`, `len`, ...). Properties and operators are assumed to have no effect.
    """
    if isinstance(value, cst.Call):
        return _is_side_effect_free_call(value, scope)
    parts = _parts(value)
    return parts is not None and all(is_side_effect_free(part, scope) for part in parts)


def contains_subscript_of(value: cst.BaseExpression, read: cst.BaseExpression) -> bool:
    """Whether `value` reads an item of something that `read` shows, which changes a `defaultdict`.

    `read` shows `table` when it is `table`, `table.keys()` or `[table]`, and not when it is another item of it.
    """
    in_items = _containers(read)
    return any(
        sum(map(container.deep_equals, find_nodes(read, type(container)))) > sum(map(container.deep_equals, in_items))
        for container in _containers(value)
    )


def _containers(value: cst.BaseExpression) -> Sequence[cst.BaseExpression]:
    """What `value` reads items of."""
    return [found.value for found in find_nodes(value, cst.Subscript)]


def called_builtin(value: cst.BaseExpression, scope: Scope) -> str | None:
    """The name of the builtin that `value` calls, such as `"len"`; None when it is no call of a builtin."""
    name = dotted_name(value.func) if isinstance(value, cst.Call) else None
    return name if name is not None and scope.is_builtin(name) else None


def _parts(value: cst.BaseExpression) -> Sequence[cst.BaseExpression] | None:
    """The expressions that `value` evaluates to read something, without effects of its own; None for other kinds."""
    match value:
        case cst.Attribute():
            return [value.value]
        case cst.Subscript() if not any(isinstance(item.slice, cst.Index) and item.slice.star for item in value.slice):
            return [value.value, *(part for item in value.slice for part in _bounds(item.slice))]
        case cst.BinaryOperation() | cst.BooleanOperation():
            return [value.left, value.right]
        case cst.Comparison():
            return [value.left, *(target.comparator for target in value.comparisons)]
        case cst.UnaryOperation():
            return [value.expression]
        case cst.IfExp():
            return [value.test, value.body, value.orelse]
        case cst.List() | cst.Tuple() if all(isinstance(element, cst.Element) for element in value.elements):
            return [element.value for element in value.elements]
    return () if isinstance(value, (cst.Name, *LITERALS)) else None


def _bounds(index: cst.BaseSlice) -> Sequence[cst.BaseExpression]:
    match index:
        case cst.Index():
            return [index.value]
        case cst.Slice():
            return [bound for bound in (index.lower, index.upper, index.step) if bound is not None]
    return ()  # no mutate: there are no other kinds


def _is_side_effect_free_call(call: cst.Call, scope: Scope) -> bool:
    read = [arg.value for arg in call.args if not arg.star and arg.keyword is None]
    if len(read) < len(call.args) or not all(is_side_effect_free(value, scope) for value in read):
        return False
    if isinstance(call.func, cst.Attribute) and call.func.attr.value in _SIDE_EFFECT_FREE_METHODS:
        return is_side_effect_free(call.func.value, scope)
    if called_builtin(call, scope) in _SIDE_EFFECT_FREE_BUILTINS:
        return True
    return scope.qualified_name(call.func) in SIDE_EFFECT_FREE_FUNCTIONS


def _is_counter(name: str, scope: Scope) -> bool:
    """Whether the name is the counter of a comprehension. For other loops the whole file would be needed."""
    owner = scope.owner(name)
    if owner is None or not owner.is_comprehension:
        return False
    return all(_counts(binding.node, name, scope) for binding in owner.bindings(name))


def _counts(binding: cst.CSTNode, name: str, scope: Scope) -> bool:
    """Whether `binding` gives `name` consecutive numbers: `for name in range(10)`."""
    if not isinstance(binding, cst.CompFor):
        return False
    match called_builtin(binding.iter, scope), binding.target:
        case ("range", cst.Name()):
            return True
        case ("enumerate", cst.Tuple(elements=[cst.Element(value=cst.Name(value=number)), rest])):
            return number == name and all(found.value != name for found in find_nodes(rest, cst.Name))
    return False

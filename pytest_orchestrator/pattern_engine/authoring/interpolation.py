"""What is known of the values that are moved into an f-string, and of the place that they are moved to.

In `"%s %s" % (a, b())` the call comes before the text of `a` is made; in an f-string it comes after, and it may change
`a`. So from the second value on only what is plainly read may be moved, until all before it are settled.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

import libcst as cst
from libcst import matchers as m
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

from pytest_orchestrator.pattern_engine.scope import Scope, dotted_name

_Node = TypeVar("_Node", bound=cst.CSTNode)

# Builtins and what they certainly give; `str` and `repr` could give a subclass of str, which prints as what it is.
_GIVES_INTEGER = frozenset({"hash", "id", "int", "len", "ord"})
_GIVES_TEXT = frozenset({"ascii", "bin", "chr", "hex", "oct", "repr", "str"})

NUMBERS = (cst.Integer, cst.Float, cst.Imaginary)
TEXTS = (cst.SimpleString, cst.ConcatenatedString)

# What evaluates elsewhere, binds, or can't be read in an f-string by every Python from 3.6 on.
_UNFIT = m.OneOf(
    m.Await(),
    m.Yield(),
    m.NamedExpr(),
    m.Lambda(),
    m.FormattedString(),
    m.CompFor(asynchronous=m.Asynchronous()),
    m.BinaryOperation(left=m.SimpleString() | m.ConcatenatedString(), operator=m.Modulo()),  # one file, one way
)

_WORD_BEFORE_QUOTE = re.compile(rf"\b(?:{'|'.join([*keyword.kwlist, *keyword.softkwlist])})[\"']")


def is_integer(value: cst.BaseExpression, scope: Scope) -> bool:
    """Whether `value` is certainly an int, and no subclass of it."""
    if isinstance(value, cst.UnaryOperation) and isinstance(value.operator, cst.Minus | cst.Plus):
        value = value.expression
    return isinstance(value, cst.Integer) or called_builtin(value, scope) in _GIVES_INTEGER


def is_settled(value: cst.BaseExpression, scope: Scope) -> bool:
    """Whether the text of `value` is certain once it is evaluated, whatever runs afterwards."""
    literal = isinstance(value, (*NUMBERS, *TEXTS))
    return literal or is_integer(value, scope) or called_builtin(value, scope) in _GIVES_TEXT


def is_plainly_read(value: cst.BaseExpression, scope: Scope) -> bool:
    """Whether evaluating `value` changes nothing: a literal, a name, an attribute, or the length or type of one.

    A property that changes what other values print is not thought of.
    """
    if isinstance(value, cst.Attribute):
        return is_plainly_read(value.value, scope)
    if isinstance(value, cst.Call):
        simple = (
            len(value.args) == 1 and not value.args[0].star and called_builtin(value, scope) in {"len", "id", "type"}
        )
        return simple and is_plainly_read(value.args[0].value, scope)
    return isinstance(value, (cst.Name, cst.SimpleString, *NUMBERS)) or (
        isinstance(value, cst.UnaryOperation) and isinstance(value.expression, NUMBERS)
    )


def fits(value: cst.BaseExpression, source: str, quote: str) -> bool:
    """Whether `value`, whose text is `source`, may stand in an f-string within `quote` before Python 3.12."""
    unreadable = any(character in source for character in ("\\", "#", "\n", "\r", "\f"))
    return not (unreadable or quote in source or source.startswith("{") or m.findall(value, _UNFIT))


def called_builtin(value: cst.BaseExpression, scope: Scope) -> str | None:
    """The name of the builtin that `value` calls."""
    name = dotted_name(value.func) if isinstance(value, cst.Call) else None
    return name if name is not None and scope.is_builtin(name) else None


def glued_to_a_word(module: cst.Module, fstrings: Mapping[_Node, cst.BaseExpression]) -> Sequence[_Node]:
    """Those of `fstrings` whose place no space parts from the word before: `return"{}".format(x)` would become a call
    of `returnf`.
    """
    source = module.code if fstrings else ""
    if not _WORD_BEFORE_QUOTE.search(source):  # where all the strings start takes long to find out
        return []
    first_lines = {module.code_for_node(node).partition("\n")[0] for node in fstrings}
    if not any(re.search(rf"\w{re.escape(line)}", source) for line in first_lines):
        return []
    spans = MetadataWrapper(module, unsafe_skip_copy=True).resolve(ByteSpanPositionProvider)
    encoded = source.encode()  # spans count UTF-8, whatever the file is written in
    return [
        node
        for node in fstrings
        if (start := spans[node].start) > 0 and encoded[start] in b"\"'" and chr(encoded[start - 1]).isalnum()
    ]

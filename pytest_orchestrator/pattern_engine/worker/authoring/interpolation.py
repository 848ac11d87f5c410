"""The place in an f-string that a value is moved to, and what fits there."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

import libcst as cst
from libcst import matchers as m
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

from pytest_orchestrator.pattern_engine.worker.slicing.slices import slice_context

_Node = TypeVar("_Node", bound=cst.CSTNode)

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


def fits(value: cst.BaseExpression, source: str, quote: str) -> bool:
    """Whether `value`, whose text is `source`, may stand in an f-string within `quote` before Python 3.12."""
    unreadable = any(character in source for character in ("\\", "#", "\n", "\r", "\f"))
    return not (unreadable or quote in source or source.startswith("{") or m.findall(value, _UNFIT))


def glued_to_a_word(module: cst.Module, fstrings: Mapping[_Node, cst.BaseExpression]) -> Sequence[_Node]:
    """Those of `fstrings` whose place no space parts from the word before: `return"{}".format(x)` would become a call
    of `returnf`.
    """
    if not fstrings:
        return []
    slices = slice_context(module)
    source = module.code if slices is None else slices.cut.text  # `code` takes long
    if not _WORD_BEFORE_QUOTE.search(source):  # where all the strings start takes long to find out
        return []
    first_lines = {module.code_for_node(node).partition("\n")[0] for node in fstrings}
    if not any(re.search(rf"\w{re.escape(line)}", source) for line in first_lines):
        return []
    spans = MetadataWrapper(module, unsafe_skip_copy=True).resolve(ByteSpanPositionProvider)
    encoded = module.code.encode()  # spans count UTF-8, whatever the file is written in
    return [
        node
        for node in fstrings
        if (start := spans[node].start) > 0 and encoded[start] in b"\"'" and chr(encoded[start - 1]).isalnum()
    ]

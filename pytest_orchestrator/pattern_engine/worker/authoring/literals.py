"""String literals split into text and fields and rendered as f-strings, and which values an f-string can hold."""

from __future__ import annotations

import keyword
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

from pytest_orchestrator.pattern_engine.worker.authoring.nodes import find_nodes
from pytest_orchestrator.pattern_engine.worker.slicing.slices import slice_context

# In an f-string a brace after a backslash names a character or causes a warning, and a `%` may become a brace.
_ESCAPED_BRACE = re.compile(r"(?<!\\)(?:\\\\)*\\(?:N\{|[{}%])")

_Field = TypeVar("_Field")
_Node = TypeVar("_Node", bound=cst.CSTNode)

# Values that are evaluated in another scope, bind names, or that some Python from 3.6 on can't parse in an f-string.
_UNFIT = (cst.Await, cst.Yield, cst.NamedExpr, cst.Lambda, cst.FormattedString)

_WORD_BEFORE_QUOTE = re.compile(rf"\b(?:{'|'.join([*keyword.kwlist, *keyword.softkwlist])})[\"']")


@dataclass(frozen=True, kw_only=True)
class StringLiteral(Generic[_Field]):
    """One of several adjacent string literals, split into its text as the source spells it and its fields.

    `parts` alternate in the order of the source: text between the quotes, and fields of the type that `split` gave.
    """

    node: cst.SimpleString
    parts: Sequence[str | _Field]

    @property
    def fields(self) -> list[_Field]:
        """The fields in the order of the source."""
        return [part for part in self.parts if not isinstance(part, str)]

    def render(self, values: Iterator[cst.FormattedStringExpression]) -> cst.SimpleString | cst.FormattedString:
        """The literal with the next of `values` in each field: an f-string, or a plain literal when it has no fields.

        Braces in the text are doubled in an f-string. Prefix `r`, quotes and parentheses are kept.

        Raises:
            StopIteration: there are fewer values than fields.
        """
        if not self.fields:
            body = "".join(part for part in self.parts if isinstance(part, str))
            prefix = self.node.value[: len(self.node.prefix)]
            return self.node.with_changes(value=f"{prefix}{self.node.quote}{body}{self.node.quote}")
        rendered = [
            cst.FormattedStringText(part.replace("{", "{{").replace("}", "}}"))
            if isinstance(part, str)
            else next(values)
            for part in self.parts
            if part != ""
        ]
        return cst.FormattedString(
            parts=rendered,
            start=f"{'fr' if _is_raw(self.node) else 'f'}{self.node.quote}",
            end=self.node.quote,
            lpar=self.node.lpar,
            rpar=self.node.rpar,
        )


def read_string_literals(
    literal: cst.BaseExpression, split: Callable[[str], Sequence[str | _Field] | None], *, marks: str
) -> Sequence[StringLiteral[_Field]] | None:
    """The adjacent string literals of an expression; None where it can't become an f-string.

    That is the case for bytes, f-strings and other expressions, where `split` gives None, and where an escape makes one
    of the `marks` (`"\\x25s"`), so that the source does not show the field.

    `split` takes the text between the quotes and gives its parts, text and fields in turn, or None to refuse. `marks`
    are the characters that start or end a field, such as `"%"` or `"{}"`.

        literals = read_string_literals(node.left, split_percent_format, marks="%")
    """
    if isinstance(literal, cst.ConcatenatedString):
        left, right = (read_string_literals(side, split, marks=marks) for side in (literal.left, literal.right))
        return None if left is None or right is None else [*left, *right]
    if not isinstance(literal, cst.SimpleString):
        return None
    source = literal.raw_value
    parts = split(source)
    if parts is None or "b" in literal.prefix or (not _is_raw(literal) and _ESCAPED_BRACE.search(source)):
        return None
    value = _value(literal)  # an escaped mark (\x25) is not in the source
    if any(value.count(mark) != source.count(mark) for mark in marks):
        return None
    return [StringLiteral(node=literal, parts=parts)]


def replace_string_literals(
    literal: cst.BaseExpression, rendered: Iterator[cst.SimpleString | cst.FormattedString]
) -> cst.BaseExpression:
    """The expression with its adjacent string literals replaced in their order; the space between them stays.

        replace_string_literals(node.left, (literal.render(values) for literal in literals))

    Raises:
        StopIteration: there are fewer replacements than literals.
    """
    if isinstance(literal, cst.ConcatenatedString):
        left = replace_string_literals(literal.left, rendered)
        return literal.with_changes(left=left, right=replace_string_literals(literal.right, rendered))
    return next(rendered)


def fits_in_fstring(value: cst.BaseExpression, source: str, quote: str) -> bool:
    """Whether `value` can stand in an f-string that every Python from 3.6 on parses.

    `source` is the code of `value`, `quote` the quotes of the f-string. A value does not fit if it holds a backslash, a
    comment, a line break, the same quotes, `await`, `yield`, `:=`, a lambda or an f-string, or starts with a brace.
    """
    unreadable = any(character in source for character in ("\\", "#", "\n", "\r", "\f"))
    return not (unreadable or quote in source or source.startswith("{") or _holds_unfit(value))


def find_adjacent_to_word(module: cst.Module, fstrings: Mapping[_Node, cst.BaseExpression]) -> Sequence[_Node]:
    """The keys of `fstrings` that follow a word without a space: `return"{}".format(x)` would become `returnf"{x}"`.

    `fstrings` maps nodes of `module` to the expressions that will replace them.
    """
    if not fstrings:
        return []
    slices = slice_context(module)
    source = module.code if slices is None else slices.cut.text  # `code` takes long
    if not _WORD_BEFORE_QUOTE.search(source):  # finding the positions of all strings takes long
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


def _holds_unfit(value: cst.BaseExpression) -> bool:
    return (
        bool(find_nodes(value, *_UNFIT))
        or any(loop.asynchronous is not None for loop in find_nodes(value, cst.CompFor))
        or any(map(_is_percent_format, find_nodes(value, cst.BinaryOperation)))  # it has a format of its own
    )


def _is_percent_format(operation: cst.BinaryOperation) -> bool:
    left = operation.left
    return isinstance(operation.operator, cst.Modulo) and isinstance(left, (cst.SimpleString, cst.ConcatenatedString))


def _is_raw(node: cst.SimpleString) -> bool:
    return "r" in node.prefix


def _value(node: cst.SimpleString) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape is no concern here
        return str(node.evaluated_value)

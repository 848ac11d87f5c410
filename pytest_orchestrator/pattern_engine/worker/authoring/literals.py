"""A string literal, plain or put together of several, and the same literal with f-strings in it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import libcst as cst

# In an f-string a brace after a backslash is either the name of a character or a warning; a `%` may become a brace.
_ESCAPED_BRACE = re.compile(r"(?<!\\)(?:\\\\)*\\(?:N\{|[{}%])")

_Field = TypeVar("_Field")


@dataclass(frozen=True, kw_only=True)
class Piece(Generic[_Field]):
    """One of the literals that stand side by side: its text, as the source spells it, and the fields to be filled."""

    node: cst.SimpleString
    parts: Sequence[str | _Field]

    @property
    def fields(self) -> list[_Field]:
        return [part for part in self.parts if not isinstance(part, str)]

    def render(self, values: Iterator[cst.FormattedStringExpression]) -> cst.SimpleString | cst.FormattedString:
        """The same literal with values, taken from `values`, in its fields: an f-string if it has any."""
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


def read_pieces(
    literal: cst.BaseExpression, split: Callable[[str], Sequence[str | _Field] | None], *, marks: str
) -> Sequence[Piece[_Field]] | None:
    """The pieces of a literal of text. None: it is something else, or its source doesn't show what it says.

    `split` takes the source between the quotes apart; `marks` are the characters by which it knows a field.
    """
    if isinstance(literal, cst.ConcatenatedString):
        left, right = (read_pieces(side, split, marks=marks) for side in (literal.left, literal.right))
        return None if left is None or right is None else [*left, *right]
    if not isinstance(literal, cst.SimpleString):
        return None
    source = literal.raw_value
    parts = split(source)
    if parts is None or "b" in literal.prefix or (not _is_raw(literal) and _ESCAPED_BRACE.search(source)):
        return None
    value = _value(literal)  # an escaped mark (\x25) would be a field that the source doesn't show
    return (
        [Piece(node=literal, parts=parts)] if all(value.count(mark) == source.count(mark) for mark in marks) else None
    )


def replace_pieces(
    literal: cst.BaseExpression, rendered: Iterator[cst.SimpleString | cst.FormattedString]
) -> cst.BaseExpression:
    """`literal` with its pieces replaced in their order; what stands between them stays."""
    if isinstance(literal, cst.ConcatenatedString):
        left = replace_pieces(literal.left, rendered)
        return literal.with_changes(left=left, right=replace_pieces(literal.right, rendered))
    return next(rendered)


def _is_raw(node: cst.SimpleString) -> bool:
    return "r" in node.prefix


def _value(node: cst.SimpleString) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape is the author's matter
        return str(node.evaluated_value)

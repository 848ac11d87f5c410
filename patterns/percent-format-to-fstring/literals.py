"""A string literal, plain or put together of several, and the same literal with f-strings in it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from .conversions import Conversion, split

# In an f-string a brace after a backslash is either the name of a character or a warning; a conversion becomes a brace.
_ESCAPED_BRACE = re.compile(r"(?<!\\)(?:\\\\)*\\(?:N\{|[{}%])")


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One of the literals that stand side by side, with its conversions found in its source."""

    node: cst.SimpleString
    parts: Sequence[str | Conversion]

    @property
    def conversions(self) -> list[Conversion]:
        return [part for part in self.parts if isinstance(part, Conversion)]

    def render(self, values: Iterator[cst.FormattedStringExpression]) -> cst.SimpleString | cst.FormattedString:
        """The same literal without percent signs: an f-string if it has conversions, whose values are taken from
        `values`.
        """
        if not self.conversions:
            body = "".join(part for part in self.parts if isinstance(part, str))
            prefix = self.node.value[: len(self.node.prefix)]
            return self.node.with_changes(value=f"{prefix}{self.node.quote}{body}{self.node.quote}")
        rendered = [
            next(values)
            if isinstance(part, Conversion)
            else cst.FormattedStringText(part.replace("{", "{{").replace("}", "}}"))
            for part in self.parts
            if part
        ]
        return cst.FormattedString(
            parts=rendered,
            start=f"{'fr' if _is_raw(self.node) else 'f'}{self.node.quote}",
            end=self.node.quote,
            lpar=self.node.lpar,
            rpar=self.node.rpar,
        )


def read_pieces(literal: cst.BaseExpression) -> Sequence[Piece] | None:
    """The pieces of a literal of text. None: it is something else, or its source doesn't show what it says."""
    if isinstance(literal, cst.ConcatenatedString):
        left, right = read_pieces(literal.left), read_pieces(literal.right)
        return None if left is None or right is None else [*left, *right]
    if not isinstance(literal, cst.SimpleString):
        return None
    source = literal.raw_value
    parts = split(source)
    if parts is None or "b" in literal.prefix or (not _is_raw(literal) and _ESCAPED_BRACE.search(source)):
        return None
    # An escaped percent sign (\x25) would be a conversion that the source doesn't show.
    return [Piece(node=literal, parts=parts)] if _value(literal).count("%") == source.count("%") else None


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

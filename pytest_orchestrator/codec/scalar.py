"""What both readers of YAML share: what a plain scalar means, which is a value of JSON and nothing else."""

from __future__ import annotations

import re

Key = tuple[str | int, ...]
"""Where something stands in a document: the keys and places that lead to it."""

_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_CONSTANTS = {"": None, "null": None, "~": None, "true": True, "false": False}
_NUMERIC = frozenset("+-.0123456789")
_MAX_DIGITS = 18


def plain_value(text: str) -> str | int | float | bool | None:
    """The value of a scalar without quotes.

    Raises:
        OverflowError: it is a number beyond 64 bits: an identifier that lost its quotes, not a quantity.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _NUMERIC:
        return text
    if _INTEGER.match(text):
        if len(text) > _MAX_DIGITS:
            raise OverflowError(f"holds a number of more than {_MAX_DIGITS} digits")
        return int(text)
    return float(text) if _FLOAT.match(text) else text

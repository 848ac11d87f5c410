"""The names in a `from ... import` statement: one more of them, written as the others are."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

_PLAIN = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def with_name(statement: cst.ImportFrom, name: str, *, beside: str, asname: str | None = None) -> cst.ImportFrom:
    """The statement that imports `name` too: where the alphabet wants it if that is the order, else next to the name
    `beside`.
    """
    names = [] if isinstance(statement.names, cst.ImportStar) else list(statement.names)
    place = _place([alias.evaluated_name for alias in names], name, beside)
    separator = _separator(names, place)
    renamed = None if asname is None else cst.AsName(cst.Name(asname))
    new = cst.ImportAlias(name=cst.Name(name), asname=renamed, comma=separator)
    if place == len(names):  # the new last one ends as the last one did
        new = new.with_changes(comma=names[-1].comma)
        names[-1] = names[-1].with_changes(comma=separator)
    return statement.with_changes(names=[*names[:place], new, *names[place:]])


def _place(names: Sequence[str], name: str, beside: str) -> int:
    if len(names) > 1:
        for key in (str, str.casefold):
            if sorted(names, key=key) == list(names):
                return sum(key(other) < key(name) for other in names)
    return names.index(beside) + (beside < name)


def _separator(names: Sequence[cst.ImportAlias], place: int) -> cst.Comma:
    """The comma that stands between names here. What says something about one of them is not said twice."""
    model = names[max(0, min(place, len(names) - 1) - 1)].comma if len(names) > 1 else _PLAIN
    is_plain = isinstance(model, cst.Comma) and "#" not in cst.Module([]).code_for_node(model)
    return model.deep_clone() if isinstance(model, cst.Comma) and is_plain else _PLAIN.deep_clone()

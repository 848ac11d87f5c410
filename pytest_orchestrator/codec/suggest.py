"""Suggestions for a misspelt word."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pytest_orchestrator.display import listed

Suggest = Callable[[str, Iterable[str]], str]
"""A clause that helps with a misspelt word, from the word and the known ones; empty when there is none."""

_MAX_LISTED = 30
_MAX_COMPARED = 200  # characters: comparing takes the product of two lengths


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A clause that names the most similar known word, or lists the known words when none is similar."""
    from difflib import get_close_matches

    choices = sorted(known)
    compared = choices if len(word) <= _MAX_COMPARED else []
    near = get_close_matches(word, compared, n=1, cutoff=0.6) or [it for it in choices if it.lower() == word.lower()]
    if near:
        return f"did you mean {near[0]!r}?"
    return f"known: {listed(choices, at_most=_MAX_LISTED)}" if choices else "there are none"


def limited(suggest: Suggest, *, at_most: int) -> Suggest:
    """`suggest` for the first calls, and nothing for later ones: to compare a word with many takes long."""
    left = iter(range(at_most))
    return lambda word, known: "" if next(left, None) is None else suggest(word, known)

"""Suggestions for a misspelt word."""

from __future__ import annotations

from collections.abc import Iterable

_MAX_LISTED = 30


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A clause that names the most similar known word, or lists the known words when none is similar."""
    from difflib import get_close_matches

    choices = sorted(known)
    near = get_close_matches(word, choices, n=1, cutoff=0.6) or [it for it in choices if it.lower() == word.lower()]
    if near:
        return f"did you mean {near[0]!r}?"
    more = f" and {len(choices) - _MAX_LISTED} more" if len(choices) > _MAX_LISTED else ""
    return f"known: {', '.join(choices[:_MAX_LISTED])}{more}" if choices else "there are none"

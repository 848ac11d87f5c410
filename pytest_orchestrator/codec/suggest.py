"""Did you mean."""

from __future__ import annotations

from collections.abc import Iterable

_SHOWN = 30


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A clause that names the nearest known word, or lists what is known when nothing is near."""
    from difflib import get_close_matches

    choices = sorted(known)
    near = get_close_matches(word, choices, n=1, cutoff=0.6) or [it for it in choices if it.lower() == word.lower()]
    if near:
        return f"did you mean {near[0]!r}?"
    more = f" and {len(choices) - _SHOWN} more" if len(choices) > _SHOWN else ""
    return f"known: {', '.join(choices[:_SHOWN])}{more}" if choices else "none is known"

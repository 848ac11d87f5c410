"""The lines of a file that changed, as a person reads them."""

from __future__ import annotations

from collections.abc import Sequence

_MAX_LINES = 20_000


def changed_lines(before: bytes, after: bytes, *, max_ranges: int = 4) -> str:
    """The 1-based ranges of lines of `after` that differ from `before`, e.g. `3-7,12`.

    For removed lines it is the line after them. Empty when more than 20,000 lines would have to be compared.
    """
    old, new = before.splitlines(), after.splitlines()
    # Most changes are small: equal lines before and after them need no comparing.
    head = _common_prefix(old, new)
    tail = _common_prefix(old[head:][::-1], new[head:][::-1])
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(old) + len(new) > _MAX_LINES:
        return ""
    if not old or not new or len(old) == len(new) == 1:
        ranges = [(head + 1, head + max(len(new), 1))] if old or new else []
    else:
        from difflib import SequenceMatcher

        ranges = [
            (head + start + 1, head + max(end, start + 1))
            for tag, _, _, start, end in SequenceMatcher(None, old, new).get_opcodes()
            if tag != "equal"
        ]
    named = [str(first) if first == last else f"{first}-{last}" for first, last in ranges[:max_ranges]]
    return ",".join([*named, *(["..."] if len(ranges) > max_ranges else [])])


def _common_prefix(old: Sequence[bytes], new: Sequence[bytes]) -> int:
    """How many first lines are equal."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((index for index, (before, after) in pairs if before != after), min(len(old), len(new)))

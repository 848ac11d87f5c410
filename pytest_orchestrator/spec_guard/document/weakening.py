"""Finds requirements that an edit of a spec's body weakens or removes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pytest_orchestrator.display import shorten
from pytest_orchestrator.spec_guard.document.requirements import Requirement, find_requirements

# Two sentences with this share of their words in common are one sentence that was edited.
_ALIKE = 0.6
_UPPER = re.compile(
    r"\b(?:at most|no more than|not more than|less than|fewer than|under|below|within|maximum|max|up to|limit)\b|[<≤]",
    re.I,
)
_LOWER = re.compile(
    r"\b(?:at least|no less than|not less than|no fewer than|more than|over|above|minimum|min|exceeds?)\b|[>≥]", re.I
)
_NAMES = {3: "MUST", 2: "SHOULD", 1: "MAY", 0: "no obligation"}
_MAX_EXCERPT = 70


@dataclass(frozen=True, kw_only=True)
class Weakening:
    """One requirement that is weaker than before. `line` is 1-based in the new body; in the old one when `removed`."""

    message: str
    line: int
    removed: bool = False


def find_weakenings(before: str, after: str) -> tuple[Weakening, ...]:
    """The requirements of the body `before` that the body `after` weakens. Moved or reworded sentences don't count."""
    old, new = find_requirements(before), list(find_requirements(after))
    kept = {_identity(item) for item in new}
    # Unchanged sentences are left out first, so that none of them counts as the edit of another one.
    left = [item for item in old if _identity(item) not in kept]
    stayed = {_identity(item) for item in old}
    candidates = [item for item in new if _identity(item) not in stayed]
    return tuple(_compare(left, candidates, after))


def _compare(old: Sequence[Requirement], candidates: list[Requirement], after: str) -> Iterator[Weakening]:
    words = set(re.findall(r"\w+", after.casefold()))
    for item in old:
        match = _counterpart(item, candidates)
        if match is None:
            if item.strength > 1 or item.kind != "word":
                yield from _gone(item, words, after)
            continue
        candidates.remove(match)
        if match.strength < item.strength:
            message = f"{_NAMES[item.strength]} became {_NAMES[match.strength]}: {shorten(match.text, _MAX_EXCERPT)}"
            yield Weakening(message=message, line=match.line)
        yield from _loosened(item, match)


def _gone(item: Requirement, words: set[str], after: str) -> Iterator[Weakening]:
    # The sentence may still be there without the word that made it a requirement.
    sentence = " ".join(item.wording)
    plain = " ".join(re.findall(r"\w+", after.casefold()))
    what = {
        "word": "a requirement",
        "numbered": f"the requirement {item.name}",
        "scenario": f"the scenario {item.name!r}",
        "criterion": "an acceptance criterion",
    }[item.kind]
    lost = set(item.wording) - words
    how = "lost its obligation" if sentence and not lost and sentence in plain else "was removed"
    yield Weakening(message=f"{what} {how}: {shorten(item.text, _MAX_EXCERPT)}", line=item.line, removed=True)


def _counterpart(item: Requirement, candidates: Sequence[Requirement]) -> Requirement | None:
    if item.name:
        named = [other for other in candidates if other.kind == item.kind and other.name == item.name]
        if named:
            return named[0]
    best, score = None, _ALIKE
    for other in candidates:
        ratio = difflib.SequenceMatcher(None, item.wording, other.wording, autojunk=False).ratio()
        if ratio >= score:
            best, score = other, ratio
    return best


def _loosened(old: Requirement, new: Requirement) -> Iterator[Weakening]:
    before, after = old.numbers, new.numbers
    if len(before) != len(after):
        return
    upper, lower = _UPPER.search(old.text), _LOWER.search(old.text)
    for (value, unit), (now, new_unit) in zip(before, after, strict=True):
        # Values with different units are not compared.
        if unit != new_unit or value == now:
            continue
        # Without a word that says which way is stricter, any other number counts as weaker.
        if (now > value and (upper or not lower)) or (now < value and (lower or not upper)):
            yield Weakening(message=f"{value:g} became {now:g}: {shorten(new.text, _MAX_EXCERPT)}", line=new.line)


def _identity(item: Requirement) -> str:
    return " ".join(item.text.split())

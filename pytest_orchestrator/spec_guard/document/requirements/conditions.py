"""Compares the conditions and exceptions of two requirements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pytest_orchestrator.spec_guard.document.requirements.bounds import Context, loosened
from pytest_orchestrator.spec_guard.document.requirements.model import Clause, Condition
from pytest_orchestrator.spec_guard.document.requirements.quantities import Quantity
from pytest_orchestrator.spec_guard.document.requirements.replacement import replaced_thing
from pytest_orchestrator.spec_guard.document.requirements.vocabulary import GROUPS, NEUTRAL, ONLY, narrows

_ALIKE = 0.3
_LEADS = (
    r"\b(?:for|from|in|on|at|by|with|after|before|without|to|of|than"
    r"|while|twice|not|over|via|through|under|behind|an?|the|any|each|every)"
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being) \w+(?:ed|en)\b", re.IGNORECASE)
_MAX_WORDS = 200


def narrowed(old: Clause, new: Clause, *, old_words: frozenset[str], new_words: frozenset[str]) -> Iterator[str]:
    """Which conditions or exceptions leave fewer cases in which a duty holds, each as a phrase.

    `old_words` and `new_words` are those of the sentences beside.
    """
    known = old.vocabulary | old_words
    lost = old.vocabulary - new.vocabulary - new_words - NEUTRAL
    left = list(old.conditions)
    for part in new.conditions:
        best = max(left, key=lambda item: _alike(item.words, part.words), default=None)
        if best is not None and (_alike(best.words, part.words) >= _ALIKE or best.words == part.words):
            left.remove(best)
            yield from condition_narrowed(best, part, known, old.amounts)
        elif _is_new(part, old, known, len(lost)):
            yield f"{'an exception' if part.exception else 'a condition'} was added: {part.text!r}"
    for part in left:
        if part.text.casefold().startswith("until") and not set(part.words) <= new.vocabulary | new_words:
            yield f"it no longer says {part.text!r}"


def condition_narrowed(
    old: Condition, new: Condition, known: frozenset[str], amounts: Sequence[Quantity]
) -> Iterator[str]:
    """How `new` leaves fewer cases than `old`, each as a phrase.

    `known` are the words of the whole old sentence, and `amounts` its quantities.
    """
    either, both = _gained(old, new, "or"), _gained(old, new, "and")
    yield from loosened(old.quantities, new.quantities, Context(known=amounts))
    added = [word for word in new.words if word not in known and word != "#" and word not in NEUTRAL]
    removed = [word for word in old.words if word not in new.words and word != "#" and word not in NEUTRAL]
    if not either and _refuses(old) != _refuses(new) and not added and not removed:
        yield f"the condition {old.text!r} was reversed: {new.text!r}"
    elif (either < 0 < both and not old.exception) or (both < 0 < either and old.exception):
        yield f"{'the exception became wider' if old.exception else 'the condition became narrower'}: {new.text!r}"
    elif added and removed:
        if _partial(new, added) or replaced_thing(old.text, new.text):
            yield f"the condition became narrower: {new.text!r}"
    elif old.exception:
        if (added and (either > 0 or both <= 0)) or (removed and both < 0):
            yield f"the exception became wider: {new.text!r}"
    elif (
        added
        and either <= 0
        and in_order([word for word in old.words if word not in NEUTRAL], new.words)
        and _restricts(old, new, added, both)
    ) or (either < 0 and not added):
        yield f"the condition became narrower: {new.text!r}"


def in_order(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether all words of `old` follow each other in `new`, with others between."""
    rest = iter(new)
    return all(word in rest for word in old)


def _is_new(part: Condition, old: Clause, known: frozenset[str], lost: int) -> bool:
    # Not new is one that only says with "when" what the old sentence said without it, perhaps in other words.
    if part.quantities and all(any(item.equals(other) for other in old.quantities) for item in part.quantities):
        return False
    novel = sum(word not in known and word != "#" for word in part.words)
    if part.text.casefold().startswith("by default"):
        return not any(item.text.casefold().startswith("by default") for item in old.conditions)
    if not part.exception and not part.words and " " in part.text:
        return False  # "while it does so"
    if lost and not part.exception and (novel <= lost or 2 * novel <= len(part.words)):
        return False
    if novel or not part.words:
        return True
    return part.exception and not old.negative and not any(item.exception for item in old.conditions)


def _restricts(old: Condition, new: Condition, added: Sequence[str], both: int) -> bool:
    # "The supply" may become "the supply voltage"; "a user" that becomes "a new user" is one of fewer.
    text = new.text.casefold()
    if both > 0 or ", " in text or _partial(new, added):
        return True
    for word in added:
        if word in GROUPS:
            continue
        place = new.words.index(word)
        if place == 0 and _PASSIVE.search(old.text) and not _PASSIVE.search(new.text):
            continue  # "it is redeemed" became "a buyer redeems it"
        spelled = re.escape(new.spellings[place].casefold())
        if re.search(rf"{_LEADS} {spelled}\b|\b(?:is|are|was|were) {spelled} \w", text):
            return True
        if place == 0 and len(new.words) > 1 and new.words[1] not in added and new.spellings[1].endswith("s"):
            return True
    return False


def _partial(part: Condition, added: Sequence[str]) -> bool:
    return any(word in ONLY or narrows(part.spellings[part.words.index(word)]) for word in added)


def _refuses(part: Condition) -> bool:
    return part.exception != part.negative


def _gained(old: Condition, new: Condition, word: str) -> int:
    return new.text.casefold().count(f" {word} ") - old.text.casefold().count(f" {word} ")


def _alike(old: Sequence[str], new: Sequence[str]) -> float:
    one, other = set(old), set(new)
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0

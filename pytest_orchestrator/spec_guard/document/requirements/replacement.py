"""One thing in the place of another in a sentence that is otherwise as it was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from pytest_orchestrator.spec_guard.document.requirements.vocabulary import ALL, canonical, is_filler, narrows

_TOKEN = re.compile(r"\w[\w'/.+-]*\w|\w|[^\s\w*_`'\"]")


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ARTICLES = _set("a an the its their his her")
_PREPOSITIONS = _set("of by per for from in on at to with without via within inside among under until")
_BEFORE_NOUNS = _PREPOSITIONS - {"at", "to"} | _set("each every any all no")
_AFTER_NOUNS = _PREPOSITIONS | _set("and or but is are was were has have must shall should may when")
_OPENING = _set("when if while whenever once")
_KEY_WORDS = _set("must shall should may")
_COPULAS = _set("be been is are not stay remain become appear to keep")
# Words that a name of one thing does not hold.
_NOT_IN_NAMES = _PREPOSITIONS - {"of"} | _set("is are was were that which who not")
_LONGEST = 5
_MISSPELT = 0.7


def replaced_thing(old: str, new: str) -> tuple[str, str] | None:
    """The words of `old` and those of `new` in their place, where these name another thing; None elsewhere.

    Writers vary verbs and adjectives, but call one thing by one name. So a replaced verb is taken for a synonym, and a
    replaced noun for another thing. What stands between a preposition, or the like, and the end of a phrase is a noun.
    """
    before, after = _TOKEN.findall(old.rstrip(" .")), _TOKEN.findall(new.rstrip(" ."))
    begin = _alike(before, after)
    end = _alike(before[begin:][::-1], after[begin:][::-1])
    gone, come = before[begin : len(before) - end], after[begin : len(after) - end]
    if not 0 < min(len(gone), len(come)) <= max(len(gone), len(come)) <= _LONGEST:
        return None
    article = begin > 0 and before[begin - 1].lower() in _ARTICLES
    article = article or {gone[0].lower(), come[0].lower()} <= _ARTICLES
    lead = [word.lower() for word in before[:begin] if word.lower() not in _ARTICLES]
    right = before[len(before) - end].lower() if end else ""
    if not _is_noun(lead, right, article=article and right not in _KEY_WORDS) or _is_same(gone, come):
        return None
    words = (*gone, *come)
    if any(not word[0].isalpha() or word.lower() in _NOT_IN_NAMES for word in words):
        return None
    wider = any(narrows(word) for word in gone) or ALL.intersection(_named(come))
    return None if wider else (" ".join(gone), " ".join(come))


def _is_noun(lead: Sequence[str], right: str, *, article: bool) -> bool:
    # Whether a noun stands between these words.
    left = lead[-1] if lead else ""
    if left in _OPENING:
        return right.endswith("s")  # "when an editor saves"
    if right.isalnum() and right not in _AFTER_NOUNS:
        return False
    acted_on = any(word in _KEY_WORDS for word in lead[:-1]) and left not in _COPULAS
    return article or acted_on or left in _BEFORE_NOUNS or (len(lead) > 1 and lead[-2] in _BEFORE_NOUNS)


def _is_same(gone: Sequence[str], come: Sequence[str]) -> bool:
    # Whether both name one thing: misspelt, with a word in common, or shortened to its initials.
    things, others = _named(gone), _named(come)
    initials = ["".join(word[0] for word in "-".join(words).split("-") if word) for words in (gone, come)]
    shortened = any(initials[1 - n].lower() == "".join(words).lower() for n, words in enumerate((gone, come)))
    alike = any(SequenceMatcher(None, one, other).ratio() >= _MISSPELT for one in things for other in others)
    return not things or not others or shortened or alike


def _alike(before: Sequence[str], after: Sequence[str]) -> int:
    # How many words at the beginning are the same.
    pairs = enumerate(zip(before, after, strict=False))
    return next((n for n, (one, other) in pairs if one.lower() != other.lower()), min(len(before), len(after)))


def _named(words: Sequence[str]) -> list[str]:
    return [canonical(word.lower())[0] for word in words if not is_filler(word.lower())]

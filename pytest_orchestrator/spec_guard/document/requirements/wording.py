"""Compares the words of two requirements, and says where those of the new one demand less."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from pytest_orchestrator.spec_guard.document.requirements.conditions import in_order
from pytest_orchestrator.spec_guard.document.requirements.keywords import DISCLAIMER
from pytest_orchestrator.spec_guard.document.requirements.model import Clause, Requirement, Surroundings
from pytest_orchestrator.spec_guard.document.requirements.quantities import Quantity
from pytest_orchestrator.spec_guard.document.requirements.replacement import replaced_thing
from pytest_orchestrator.spec_guard.document.requirements.strength import changed_literal, opposed, weaker_words
from pytest_orchestrator.spec_guard.document.requirements.vocabulary import (
    ACCEPT,
    ALL,
    ENDING,
    GROUPS,
    LIMITING,
    NEUTRAL,
    ONLY,
    PROVIDING,
    SOME,
    canonical,
    is_filler,
    narrows,
    stem,
)
from pytest_orchestrator.spec_guard.document.requirements.vocabulary import words as vocabulary

# "Scan before you store" is "do not store before you scan".
_ORDER = re.compile(r"\b(?:before|until)\b", re.IGNORECASE)
_CHOICE = re.compile(
    r"\b(?:one|any|some|either|\d+) of (?:the|them|these|those|its|their|his|her|all)\b|\beither (?!.+\bor\b)",
    re.IGNORECASE,
)
_LINK = re.compile(r",|\bn?or\b|\band\b")
_AND = re.compile(r"\band\b", re.IGNORECASE)
_OR = re.compile(
    r"\beither\b|\bor\b(?!"
    r" (?:more|less|fewer|later|newer|earlier|higher|lower|longer|shorter|greater|better|above|below))",
    re.IGNORECASE,
)
_HAS = re.compile(r"\b(?:have|has|be equipped with|make|makes|get|gets)\b")
_PLACES = r"\b(?:in|on|for|during|at|from|by|to|of|within|after|before|outside|all|any|every|each|the) "
_PRONOUN = re.compile(r"\b(?:it|its|they|their|them)\b", re.IGNORECASE)
_PEOPLE = vocabulary("role user group member person team actor client")
_ONLY_THESE = re.compile(r"(?:only|solely|exclusively|nobody but|no one but)\b", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(?:that|which|who|whom) (?:\w+ )?(?:only|solely|exclusively)\b")
_MAX_WORDS = 20  # of those that differ
# "each change to billing data" is about fewer changes than "each change".
_UNIVERSAL = r"\b(?:all|every|each|any) (?:[\w-]+ ){1,2}(?:to|of|from|in|for|that|on|at|about) (?:[\w-]+ ){0,2}?"


def weaker_wording(old: Requirement, new: Requirement, around: Surroundings) -> Iterator[str]:
    """In which ways the words of `new` demand less than those of `old`, each as a phrase; no numbers or conditions."""
    before, after = old.clause, new.clause
    pair = _weaker_pair(old, new, around)
    if _order_reversed(before, after):
        yield f"the order was reversed: {after.text!r}"
    elif pair is not None:
        yield f"{pair[0]!r} became {pair[1]!r}"
    elif _reversed(before, after):
        yield f"it says the opposite: {after.text!r}"
    elif _CHOICE.search(after.text) and not _CHOICE.search(before.text) and (ALL | {"both"}) & set(before.words):
        yield f"it was narrowed: {after.text!r}"
    else:
        yield from _words(before, after, around)


def reworded(before: Clause, after: Clause) -> bool:
    """Whether more than about half as many words differ as are the same."""
    return 2 * len(before.vocabulary ^ after.vocabulary) > len(before.vocabulary & after.vocabulary)


def is_negative(clause: Clause) -> bool:
    """Whether a clause with its conditions is negated an odd number of times."""
    return (clause.negative + sum(part.negative != part.exception for part in clause.conditions)) % 2 == 1


def spelled(clause: Clause, words: Sequence[str]) -> str:
    """Canonical words of a clause as they were written."""
    return " ".join(clause.spellings[clause.words.index(word)] for word in dict.fromkeys(words))


def choices_added(before: Clause, after: Clause) -> int:
    """How many alternatives `after` has more than `before`."""
    return _gained(_OR, before, after)


def _weaker_pair(old: Requirement, new: Requirement, around: Surroundings) -> tuple[str, str] | None:
    before, after = old.clause, new.clause
    if before.prohibits == after.prohibits:
        either = choices_added(before, after) > 0
        # What a sentence beside says now, or a condition, was only moved.
        kept = around.new_words.union(*(item.words for item in after.conditions))
        for part, other in _sides(old, new):
            pair = weaker_words(part, other, kept, either=either, forbidden=after.prohibits)
            if pair is not None and canonical(pair[1].lower())[0] not in around.old_words:
                return pair
    return changed_literal(old.literals, new.literals, before.text, after.text)


def _words(before: Clause, after: Clause, around: Surroundings) -> Iterator[str]:
    missing, novel = _differences(before, after, around)
    ors, ands = choices_added(before, after), _gained(_AND, before, after)
    if {ACCEPT} <= {*before.context} & {*after.context} and _PEOPLE.intersection(before.context):
        # A cell below "Allowed roles"; one below "Accepted formats" demands more when it grows.
        if novel:
            yield f"it allows more: {spelled(after, novel)!r}"
        return
    if not missing and not novel and (ors < 0 < ands if before.prohibits else ands < 0 < ors):
        yield f"{'or' if before.prohibits else 'and'!r} became {'and' if before.prohibits else 'or'!r}"
        return
    yield from _only(before, after, missing, novel)
    missing, novel = [word for word in missing if word not in ONLY], [word for word in novel if word not in ONLY]
    narrow = next((word for word in novel if _partial(after, word)), None)
    if narrow is not None:
        yield f"it was narrowed: {spelled(after, [narrow])!r}"
    elif len(missing) <= 2 and not ALL & set(before.words) and ALL & set(after.words):
        return
    elif missing and novel:
        yield from _exchanged(before, after, missing, novel)
    elif missing:
        yield from _dropped(before, after, missing)
    elif novel and _ONLY_THESE.match(after.text) and _ONLY_THESE.match(before.text) and ors + ands > 0:
        yield f"it allows more: {spelled(after, novel)!r}"
    elif novel and not after.negative and ors > 0:
        yield f"an alternative was added: {spelled(after, novel)!r}"
    elif (
        (
            " | " in after.text or " | " not in before.text  # a sentence has more words than the row that it was
        )
        and _in_order(before, after)
        and any(_narrows(before, after, word, len(novel)) for word in novel[:_MAX_WORDS])
    ):
        yield f"it was narrowed: {spelled(after, novel)!r}"


def _exchanged(before: Clause, after: Clause, missing: Sequence[str], novel: Sequence[str]) -> Iterator[str]:
    # A word that stands in for another one may mean the same; only opposites don't, nor do all words together.
    if len(missing) == len(novel) == 1 and opposed(spelled(before, missing), spelled(after, novel)):
        yield f"{spelled(before, missing)!r} became {spelled(after, novel)!r}"
    elif (swap := replaced_thing(before.text, after.text)) is not None:
        yield f"{swap[0]!r} became {swap[1]!r}"
    elif _replaced(before, after, missing) and weaker_words(after.text, before.text) is None:
        yield f"something else is demanded: {after.text!r}"


def _dropped(before: Clause, after: Clause, missing: Sequence[str]) -> Iterator[str]:
    reworded = after.vocabulary - before.vocabulary - ALL - {"#"}
    turned = before.negative != after.negative and ENDING & set(missing)
    stricter = choices_added(before, after) < 0 and weaker_words(after.text, before.text, either=True)
    exempted = DISCLAIMER.search(before.text.lower()) and not DISCLAIMER.search(after.text.lower())
    if reworded or turned or stricter or exempted or before.prohibits != after.prohibits:
        return
    told = len(after.conditions) > len(before.conditions)  # "after it" became "once it"
    lost = [word for word in _lost(before, after, missing) if not (told and word == "after")]
    if _PRONOUN.search(after.text) and not _PRONOUN.search(before.text) and set(lost) <= set(before.words[:2]):
        return
    shorter = _in_order(after, before) or _gained(_LINK, before, after) < 0
    if lost and shorter:
        yield f"it no longer says {spelled(before, lost)!r}"


def _differences(before: Clause, after: Clause, around: Surroundings) -> tuple[list[str], list[str]]:
    # The words that count and are on one side only, taking account of the sentences beside.
    there, known = after.vocabulary | around.new_words, before.vocabulary | around.old_words
    missing = [word for word in before.words if word not in there and word != "#" and word not in NEUTRAL]
    novel = [word for word in after.words if word not in known and word != "#" and word not in NEUTRAL]
    missing = [word for word in missing if not _occurs(before, word, after)]
    novel = [word for word in novel if not _occurs(after, word, before)]
    if before.quantities and after.quantities and _count(_LINK, before) <= _count(_LINK, after):
        missing = [word for word in missing if word not in LIMITING]
        novel = [word for word in novel if word not in LIMITING or _counted(after, word)]
        if not novel and set(missing) == set(before.words[before.subject : before.subject + 1]):
            # A bound stays what it is without its verb: "list at most 50", "be limited to 50".
            missing = []
    return missing, novel


def _counted(clause: Clause, word: str) -> bool:
    # "10 large items" are not any 10 items.
    place = clause.words.index(word)
    return place > 0 and clause.words[place - 1] == "#" and place + 1 < len(clause.words)


def _sides(old: Requirement, new: Requirement) -> Sequence[tuple[str, str]]:
    # What is to be done, before and after; of two rows of a table cell by cell.
    cells, others = old.clause.text.split(" | "), new.clause.text.split(" | ")
    if len(cells) == len(others) > 1:
        return tuple(zip(cells, others, strict=True))
    return ((old.clause.body or old.clause.text, new.clause.body or new.clause.text),)


def _in_order(before: Clause, after: Clause) -> bool:
    return in_order([word for word in before.words if word not in NEUTRAL], after.words)


def _order_reversed(before: Clause, after: Clause) -> bool:
    return any(
        one in before.words
        and one not in after.words
        and other in after.words
        and other not in before.words
        and in_order([word for word in before.words if word not in (one, "#")], after.words)
        for one, other in itertools.permutations(("befor", "after"))
    )


def _occurs(clause: Clause, word: str, other: Clause) -> bool:
    # Whether a word of the one sentence is in what the other one says with a number: "nightly".
    base = stem(clause.spellings[clause.words.index(word)].lower())
    return len(base) > 3 and f" {base}" in other.text.lower()


def _reversed(before: Clause, after: Clause) -> bool:
    # Whether so few words differ that a negation too many or too few is what changed.
    if before.negative == after.negative or is_negative(before) == is_negative(after):
        return False
    if " | " in before.text and _forbids_more(before.text.split(" | "), after.text.split(" | ")):
        return False
    if before.words != after.words and _ORDER.search(before.text) and _ORDER.search(after.text):
        return False
    if any(
        item.equals(other) and item.bound == other.bound != "bare"
        for item in before.quantities
        for other in after.quantities
    ):
        # "Reject what is longer than 5" is "do not accept more than 5": the bounds were compared.
        return False
    gone, come = before.vocabulary - after.vocabulary, after.vocabulary - before.vocabulary
    if _foreign(after, before) or (ENDING & (gone if after.negative else come)):
        return False
    if before.subject and not set(before.words[before.subject : before.subject + 1]) <= after.vocabulary:
        # "No two share a key" is "each has a key of its own".
        return False
    differ = (before.vocabulary ^ after.vocabulary) - NEUTRAL - {"#"}
    return len(differ) <= max(1, len(before.words) // 3)


def _forbids_more(cells: Sequence[str], others: Sequence[str]) -> bool:
    # Whether a row of a table denies now what it allowed, and is the same otherwise.
    changed = [(one.lower(), other.lower()) for one, other in zip(cells, others, strict=False) if one != other]
    return len(cells) == len(others) and all(
        canonical(one) == (ACCEPT, False) and canonical(other) == (ACCEPT, True) for one, other in changed
    )


def _foreign(clause: Clause, other: Clause) -> bool:
    # Whether a word that says the opposite of another one has no counterpart: "different" is new.
    return any(
        word not in other.vocabulary and word != ACCEPT and not is_filler(word) and canonical(spelling.lower())[1]
        for word, spelling in zip(clause.words, clause.spellings, strict=True)
    )


def _only(before: Clause, after: Clause, missing: Sequence[str], novel: Sequence[str]) -> Iterator[str]:
    # What accepts only some things is stricter than what accepts all; any other "only" leaves fewer cases.
    # "Only members may" is "refused to all but members".
    reworded = before.prohibits != after.prohibits or (not before.negative and after.negative)
    if (
        ONLY & set(missing)
        and not reworded
        and not any(part.text.casefold().startswith("only") for part in after.conditions)
    ):
        yield "'only' was removed"
    elif (
        ONLY & set(novel)
        and not _RELATIVE.search(after.body)
        and not (ACCEPT in after.words and not after.negative)
        and not before.prohibits
    ):
        yield f"it holds only for some cases now: {after.text!r}"


def _replaced(before: Clause, after: Clause, missing: Sequence[str]) -> bool:
    # Whether nothing is left of what was to be done.
    done = {word for word in before.words if word != "#" and word not in NEUTRAL}
    return len(done) > 1 and done <= set(missing) and not before.vocabulary & after.vocabulary - NEUTRAL


def _lost(before: Clause, after: Clause, missing: Sequence[str]) -> list[str]:
    # The missing words without which less is demanded. Without others more is: fewer choices, fewer qualifications.
    fewer = _count(_LINK, before) > _count(_LINK, after)
    done = before.spellings[before.subject : before.subject + 1]
    turned = before.subject == 0 or any(canonical(word.lower())[1] for word in done)  # not in "rejected claims"
    refuses = before.prohibits or (before.negative and turned)
    if (refuses and not fewer) or (not refuses and _count(_OR, before) > _count(_OR, after)):
        return []
    subject = set(before.words[: before.subject])
    if before.quantities and after.quantities:
        # "The scan takes at most 5 s" demands what "the scanner MUST finish the scan within 5 s" does.
        bare = {*subject, *before.words[before.subject : before.subject + 1]}
    else:
        bare = subject
    if after.words[:1] and after.words[0] not in subject:
        # "The device boots" became "the boot": who does it went without saying.
        missing = [word for word in missing if word not in bare]
    text = before.text.casefold()
    lost = []
    for word in missing[:_MAX_WORDS]:
        place = before.words.index(word)
        spelled = re.escape(before.spellings[place].casefold())
        qualifies = narrows(before.spellings[place]) or (place > 0 and before.words[place - 1] in ALL)
        qualifies = qualifies or re.search(rf"{_UNIVERSAL}{spelled}\b", text) is not None
        agent = re.search(rf"\b(?:be|is|are|been) .*\bby (?:the |an? )?{spelled}\b", text)
        # "Multi-factor authentication (MFA)" is MFA.
        short = re.search(rf"\b{spelled}\b[\w\s-]* \(([A-Z]\w+)\)", before.text, re.IGNORECASE)
        if not agent and not (short and short[1] in after.text) and (fewer or not qualifies):
            lost.append(word)
    return lost


def _partial(clause: Clause, word: str) -> bool:
    # Whether a word leaves only some of the things, or only one place, time or group of them.
    spelling = clause.spellings[clause.words.index(word)].lower()
    if spelling == "most":
        return re.search(r"\bmost (?:of|[\w-]+s)\b", clause.text.lower()) is not None
    return narrows(spelling) and (
        not SOME.isdisjoint((spelling, spelling.removesuffix("s")))
        or re.search(rf"{_PLACES}(?:[\w-]+ ){{0,2}}?{re.escape(spelling)}", clause.text.lower()) is not None
    )


def _narrows(before: Clause, after: Clause, word: str, count: int) -> bool:
    # Whether a new word leaves fewer cases. After "and" it asks for more.
    place = after.words.index(word)
    spelled = re.escape(after.spellings[place].casefold())
    text = (after.body or after.text).casefold()
    if re.search(rf"(?:\band|\bor|,) (?:\w+ ){{0,5}}{spelled}", text):
        return False
    following = after.words[place + 1] if place + 1 < len(after.words) else ""
    known = following in before.words
    universal = ALL & set(before.words) and not ALL & set(after.words)
    if known and ((universal and word not in PROVIDING) or (place > 0 and after.words[place - 1] in ALL)):
        return True
    if known and re.search(rf"\b(?:all|every|each|any) [\w-]+ {spelled} {re.escape(after.spellings[place + 1])}", text):
        return True
    if known and after.words[place - 1] == "#" and all(_counts(item) for item in after.quantities):
        return True
    if word in PROVIDING or word == "after":
        return False
    if re.search(rf"{_UNIVERSAL}{spelled}\b", text):
        return True
    if re.search(rf"\bper {spelled}\b", text) and any(item.bound == "upper" for item in before.quantities):
        return True
    narrow = universal or place < after.subject
    if place < after.subject and re.match(rf"\W*{spelled}(?<=s) (?:of|from) ", text):
        return True  # "backups of the data"
    grouped = narrow or (count > 1 and (word in GROUPS or following in GROUPS))
    links = "for|from|on|in|of|to|by|at" + ("|with|that|which|who|whose" if narrow else "")
    if grouped and place > 0 and re.search(rf"\b(?:{links}) (?:\w+ ){{0,2}}{spelled}\b", text):
        return True
    provides = PROVIDING & set(after.words) or _HAS.search(text)
    plural = known and after.spellings[place + 1].endswith("s") and not provides
    refused = before.negative and before.prohibits and place >= after.subject
    return (plural or refused) and in_order(before.words, after.words)


def _counts(item: Quantity) -> bool:
    return item.dimension == "count" and item.bound == "upper"


def _gained(pattern: re.Pattern[str], before: Clause, after: Clause) -> int:
    return _count(pattern, after) - _count(pattern, before)


def _count(pattern: re.Pattern[str], clause: Clause) -> int:
    return sum(1 for _ in pattern.finditer((clause.body or clause.text).casefold()))

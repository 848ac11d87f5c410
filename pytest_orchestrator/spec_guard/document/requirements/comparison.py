"""Compares a requirement with what became of it, part by part, and says which parts are weaker."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pytest_orchestrator.spec_guard.document.requirements.bounds import Context, loosened, loosened_bounds
from pytest_orchestrator.spec_guard.document.requirements.conditions import condition_narrowed, narrowed
from pytest_orchestrator.spec_guard.document.requirements.keywords import DISCLAIMER, FORCE_NAMES
from pytest_orchestrator.spec_guard.document.requirements.model import Clause, Condition, Requirement, Surroundings
from pytest_orchestrator.spec_guard.document.requirements.vocabulary import (
    NEUTRAL,
    words,
)
from pytest_orchestrator.spec_guard.document.requirements.wording import (
    choices_added,
    is_negative,
    reworded,
    spelled,
    weaker_wording,
)

_AT_ONCE = re.compile(
    r"\b(?:immediate(?:ly)?|instant(?:ly)?|straight away|right away|promptly|(?:without|no) delay|as soon as|the moment"
    r"|at the same time|simultaneously)\b",
    re.IGNORECASE,
)
_ANY = re.compile(r"\b(?:any|all|every|each|unlimited|arbitrary)\b", re.IGNORECASE)
_LASTING = re.compile(
    r"\bfor (?:[a-z]+ ){0,2}?\d[\d.,]* ?(?:s|min|h|d|seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b"
)
_STATE = re.compile(r"\b(?:be|is|are) (?!able|\w+[ai]ble\b)", re.IGNORECASE)
_OFFERS = re.compile(r"\b(?:support|offer|allow|permit|enabl)\w*", re.IGNORECASE)
_AT_ONCE_WORDS = words("immediate instant promptly delay no soon moment same time simultaneously")
_CAN = re.compile(r"\b(?:can|able|possible)\b", re.IGNORECASE)


def weaker_parts(old: Requirement, new: Requirement, around: Surroundings) -> Iterator[str]:
    """In which ways `new` demands less than `old`, each as a phrase."""
    before, after = old.clause, new.clause
    if old.condition:
        yield from condition_narrowed(
            _condition(before), _condition(after), before.vocabulary | around.old_words, before.amounts
        )
        return
    yield from _less_force(old, new)
    if old.force <= 1:
        yield from loosened_bounds(before.quantities, after.quantities)
        return
    context = Context(
        known=(*before.amounts, *around.old_quantities),
        beside=(*around.new_quantities, *after.amounts),
        prohibits=after.prohibits or after.negative,
        fewer=choices_added(before, after) < 0,
        reworded=reworded(before, after),
    )
    yield from loosened(before.quantities, after.quantities, context)
    yield from narrowed(before, after, old_words=around.old_words, new_words=around.new_words)
    yield from _hedged(before, after)
    yield from _fewer_cases(before, after, around)
    if (
        DISCLAIMER.search(after.text.lower())
        and not DISCLAIMER.search(before.text.lower())
        and after.vocabulary - before.vocabulary
    ):
        yield f"an exception was added: {after.text!r}"
    else:
        yield from weaker_wording(old, new, around)


def _less_force(old: Requirement, new: Requirement) -> Iterator[str]:
    before, after = old.clause, new.clause
    if new.force < old.force and old.force > 1 and not (old.kind == "row" and new.kind == "prose" and not new.place):
        below = f"it stands below {new.place!r} now, so " if new.place else ""
        yield f"{below}{FORCE_NAMES[old.force]} became {FORCE_NAMES[new.force]}"
    elif before.force == 3 and after.force is None and _CAN.search(after.text) and not _CAN.search(before.text):
        yield f"{before.keyword!r} became 'can'"
    elif _STATE.search(before.body) and not _STATE.search(after.body) and not _OFFERS.search(before.body):
        offer = _OFFERS.search(after.body)
        if offer and not before.prohibits and not reworded(before, after):
            yield f"it is only offered now: {offer[0]!r}"
    if new.quoted and not old.quoted and old.force > 1:
        yield "it stands in a quotation now"


def _fewer_cases(before: Clause, after: Clause, around: Surroundings) -> Iterator[str]:
    # For a time, up to a size, or later than at once.
    lasting = _LASTING.search(after.text)
    if lasting and after.negative and not any(item.dimension == "time" for item in before.amounts):
        yield f"it holds only {lasting[0]!r} now"
    cap = next((item for item in after.quantities if item.explicit), None)
    if cap is not None and not before.quantities and _ANY.search(before.text) and not _ANY.search(after.text):
        yield f"it holds only for {cap.text!r} now"
    if _AT_ONCE.search(before.text) and not _AT_ONCE.search(after.text):
        known = before.vocabulary | around.old_words | NEUTRAL
        novel = [word for word in after.words if word not in known or (word == "#" and not before.quantities)]
        kept = {word for word in before.words if word not in _AT_ONCE_WORDS | NEUTRAL} <= after.vocabulary
        if novel and ("#" in novel or kept):
            yield f"'immediately' became {spelled(after, novel)!r}"


def exempts(new: Requirement, beside: Requirement) -> bool:
    """Whether a permission takes away from the requirement beside it: its opposite, or a looser bound."""
    if new.clause.keyword.lower() != "may" or beside.force <= 1 or beside.condition:
        return False
    shared = new.clause.vocabulary & beside.clause.vocabulary
    if any(loosened_bounds(beside.clause.quantities, new.clause.quantities)):
        return bool(shared - {"#"})
    alike = len(shared) >= max(1, len(beside.clause.vocabulary) // 2)
    return alike and is_negative(new.clause) != is_negative(beside.clause)


def _hedged(before: Clause, after: Clause) -> Iterator[str]:
    hedges = [hedge for hedge in after.hedges if hedge not in before.hedges]
    if hedges and len(after.hedges) > len(before.hedges):
        yield f"{hedges[0]!r} was added"
    elif hedges and not set(hedges[0].split()) & set(" ".join(before.hedges).split()):
        yield f"{before.hedges[0]!r} became {hedges[0]!r}"


def _condition(clause: Clause) -> Condition:
    return Condition(
        text=clause.text,
        words=(*clause.words, *(word for part in clause.conditions for word in part.words)),
        spellings=(*clause.spellings, *(word for part in clause.conditions for word in part.spellings)),
        quantities=clause.quantities,
        exception=False,
        negative=clause.negative,
    )

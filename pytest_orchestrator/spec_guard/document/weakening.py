"""Finds requirements that an edit of a spec's body weakens or removes, and says which part became weaker."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pytest_orchestrator.display import shorten
from pytest_orchestrator.spec_guard.document.requirements.comparison import exempts, weaker_parts
from pytest_orchestrator.spec_guard.document.requirements.keywords import DISCLAIMER
from pytest_orchestrator.spec_guard.document.requirements.matching import Matching, match
from pytest_orchestrator.spec_guard.document.requirements.model import Requirement, Surroundings
from pytest_orchestrator.spec_guard.document.requirements.reading import find_statements

_MAX_EXCERPT = 70
_MAX_PART = 160
_PRONOUN = re.compile(r"\b(?:its?|they|them|their|this|these)\b", re.IGNORECASE)
# "Note (non-normative):" says of the note itself what it is.
_NOTE = re.compile(r"^\W*(?:note|example|remark|background|rationale|info)s?\b[^.:]{0,40}:")
# Parts of a split sentence stand close to each other.
_NEAR = 4


@dataclass(frozen=True, kw_only=True)
class Weakening:
    """One requirement that is weaker than before. `line` is 1-based in the new body; in the old one when `removed`."""

    message: str
    line: int
    removed: bool = False


def find_weakenings(before: str, after: str) -> tuple[Weakening, ...]:
    """The requirements of the body `before` that the body `after` weakens. Moved or reworded sentences don't count."""
    old, new = find_statements(before), find_statements(after)
    wanted = [number for number, item in enumerate(old) if item.binding or _bounded(item)]
    matching = match(old, new, wanted)
    found = [*_changes(old, new, wanted, matching), *_additions(old, new, matching)]
    return tuple(dict.fromkeys(found))


def _changes(
    old: Sequence[Requirement], new: Sequence[Requirement], wanted: Sequence[int], matching: Matching
) -> Iterator[Weakening]:
    added = frozenset(matching.added)
    scenarios = {item.name for item in new if item.kind == "scenario"}
    acting = {item.name for item in old if item.kind == "scenario" and not item.condition}
    for number in wanted:
        item = old[number]
        if number in matching.unchanged:
            continue
        if number in matching.edited:
            other = new[matching.edited[number]]
            for part in weaker_parts(item, other, _around(old, new, number, matching, added)):
                yield Weakening(message=f"{shorten(part, _MAX_PART)}: {_excerpt(other)}", line=other.line)
        elif item.kind == "scenario" and item.name and item.name not in scenarios:
            # A scenario is gone when a step that demands something is; one without such steps, when its title is.
            if not item.condition or item.name not in acting:
                scenarios.add(item.name)
                yield Weakening(message=f"the scenario {item.name!r} was removed", line=item.line, removed=True)
        elif item.binding and not item.condition and item.force > 1 and not item.exception:
            yield Weakening(message=f"{_named(item)} was removed: {_excerpt(item)}", line=item.line, removed=True)


def _additions(old: Sequence[Requirement], new: Sequence[Requirement], matching: Matching) -> Iterator[Weakening]:
    words: dict[str, set[str]] = {}
    for item in old:
        if item.kind == "scenario":
            words.setdefault(item.name, set()).update(item.clause.vocabulary)
    acting = {item.name for item in old if item.kind == "scenario" and not item.condition}
    for number in matching.added:
        item = new[number]
        if item.condition and item.name in acting:
            if item.clause.quantities or not set(item.clause.words) <= words[item.name]:
                message = f"a condition was added to the scenario {item.name!r}: {_excerpt(item)}"
                yield Weakening(message=message, line=item.line)
        elif item.exception or (
            not item.condition
            and item.force <= 1
            and (
                DISCLAIMER.search(_NOTE.sub("", item.clause.text.lower()))
                or any(exempts(item, new[place]) for place in _near(new, number))
            )
        ):
            yield Weakening(message=f"an exception was added: {_excerpt(item)}", line=item.line)


def _around(
    old: Sequence[Requirement],
    new: Sequence[Requirement],
    number: int,
    matching: Matching,
    added: frozenset[int],
) -> Surroundings:
    other = matching.edited[number]
    beside = [new[place] for place in _near(new, other) if place in added]
    nearby = [new[place] for place in _near(new, other) if place != other and place not in matching.kept]
    gone = [
        old[place].clause.vocabulary
        for place in _near(old, number)
        if place != number and place not in matching.unchanged and matching.edited.get(place, other) == other
    ]
    if number and _PRONOUN.search(old[number].text):
        # "Its name" may become "the name of the guild".
        gone.append(old[number - 1].clause.vocabulary)
    if old[number].kind == "scenario":
        # The steps of a scenario speak of the same things: "it" may become what it stands for.
        gone += [old[place].clause.vocabulary for place in _near(old, number) if old[place].name == old[number].name]
    return Surroundings(
        new_words=frozenset[str]().union(*(item.clause.vocabulary for item in beside)),
        new_quantities=tuple(amount for item in nearby for amount in item.clause.amounts),
        old_words=frozenset[str]().union(*gone),
        old_quantities=tuple(
            amount
            for place in _near(old, number)
            if place != number and matching.edited.get(place) == other
            for amount in old[place].clause.amounts
        ),
    )


def _near(items: Sequence[Requirement], number: int) -> range:
    return range(max(0, number - _NEAR), min(len(items), number + _NEAR + 1))


def _bounded(item: Requirement) -> bool:
    return item.kind == "prose" and any(amount.bound in ("upper", "lower") for amount in item.clause.quantities)


def _named(item: Requirement) -> str:
    return {
        "word": "a requirement",
        "prose": "a requirement",
        "numbered": f"the requirement {item.name}",
        "scenario": f"a step of the scenario {item.name!r}",
        "criterion": "an acceptance criterion",
        "row": "a row of a table",
    }[item.kind]


def _excerpt(item: Requirement) -> str:
    return shorten(item.text, _MAX_EXCERPT)

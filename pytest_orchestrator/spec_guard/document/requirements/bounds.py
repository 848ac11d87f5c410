"""Compares the quantities of two requirements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pytest_orchestrator.spec_guard.document.requirements.quantities import Quantity

_DIGITS = re.compile(r"\d+")
_DIRECTED = ("upper", "lower")


@dataclass(frozen=True, kw_only=True)
class Context:
    """What stands around the quantities that are compared."""

    known: Sequence[Quantity] = ()
    """Those of the whole old sentence."""
    beside: Sequence[Quantity] = ()
    """Those of the new sentence, and of the sentences beside it, where one may have gone."""
    prohibits: bool = False
    """Whether the sentence prohibits something: there a further bound leaves fewer cases."""
    fewer: bool = False
    """Whether the new sentence offers fewer alternatives."""
    reworded: bool = False
    """Whether so many words are others that a small number, or its direction, may be said in words."""


def loosened(old: Sequence[Quantity], new: Sequence[Quantity], context: Context) -> Iterator[str]:
    """Which quantities demand less, each as a phrase."""
    pairing = _pair(old, new)
    for item in pairing.lost:
        # "Two jobs" may become "jobs", and "only one order" may become "one of the orders".
        limit = (2 if item.bound == "bare" else 1) if context.reworded else int(item.bound == "bare")
        limit = 0 if item.bound == "lower" else limit
        small = (item.dimension == "count" and item.value <= limit) or (context.fewer and item.beside)
        kept = any(
            _keeps(item, other) or _tabled(item, other, reworded=context.reworded) for other in (*context.beside, *new)
        )
        if not item.scope and not small and not kept and item.dimension != "percentile":
            yield f"the bound {item.text!r} was removed"
    for item, other in pairing.pairs:
        if not (context.reworded and item.equals(other)):
            yield from _changed(item, other)
    for item in pairing.gained:
        if any(_DIGITS.findall(other.text) == _DIGITS.findall(item.text) for other in context.known):
            continue
        like = [other for other in old if other.dimension == item.dimension]
        if not like and (item.scope or (context.prohibits and item.bound in _DIRECTED)):
            yield f"it holds only for {item.text!r} now"
        elif not like and item.dimension in ("percent", "percentile") and item.bound != "upper" and item.value < 100:
            yield f"only {item.text!r} of the cases count now"
        elif (
            like
            and item.beside
            and not _enumerates(like)
            and not any(other.equals(item) or _narrower(other, item) for other in like)
        ):
            yield f"{item.text!r} was added beside {like[0].text!r}"


def loosened_bounds(old: Sequence[Quantity], new: Sequence[Quantity]) -> Iterator[str]:
    """Like `loosened`, for sentences that oblige nobody: only bounds in words that were moved."""
    for item, other in _pair(old, new).pairs:
        if item.bound in _DIRECTED:
            yield from _changed(item, other)


@dataclass(frozen=True, kw_only=True)
class _Pairing:
    pairs: Sequence[tuple[Quantity, Quantity]]
    lost: Sequence[Quantity]
    gained: Sequence[Quantity]


def _pair(old: Sequence[Quantity], new: Sequence[Quantity]) -> _Pairing:
    # Equal quantities first, then those of one dimension and bound, then those of one dimension, in their order.
    left, waiting = list(new), list(old)
    pairs: list[tuple[Quantity, Quantity]] = []
    for fits in (_same, _alike, _comparable):
        for item in tuple(waiting):
            other = next((each for each in left if fits(item, each)), None)
            if other is not None:
                waiting.remove(item)
                left.remove(other)
                pairs.append((item, other))
    return _Pairing(pairs=pairs, lost=waiting, gained=left)


def _enumerates(items: Sequence[Quantity]) -> bool:
    # "0, 1 and 2" with a further value asks for more.
    return len(items) > 1 and all(item.bound == "bare" for item in items)


def _same(old: Quantity, new: Quantity) -> bool:
    return _comparable(old, new) and new.equals(old) and _holds(old, new)


def _alike(old: Quantity, new: Quantity) -> bool:
    return _comparable(old, new) and new.bound == old.bound


def _comparable(old: Quantity, new: Quantity) -> bool:
    return new.dimension == old.dimension


def _changed(old: Quantity, new: Quantity) -> Iterator[str]:
    if old.equals(new):
        if not _holds(old, new):
            yield f"{old.text!r} became {new.text!r}"
    elif not _tighter(old, new):
        if old.bound != new.bound and old.bound in _DIRECTED and new.bound in _DIRECTED:
            yield f"{old.text!r} became {new.text!r}"
        else:
            noun = {"upper": "the limit", "lower": "the minimum"}.get(old.bound, "the value")
            yield f"{noun} {'rose' if new.value > old.value else 'fell'} from {old.text!r} to {new.text!r}"


def _holds(old: Quantity, new: Quantity) -> bool:
    # Whether a bound of the same value demands as much. A direction that only the context suggests may change.
    if new.bound in (old.bound, "exact", "bare") or not new.explicit:
        return True
    if (old.scope or new.scope) and old.above == new.above:
        return True
    return not old.explicit and (new.bound == "lower" or old.dimension == "version")


def _tighter(old: Quantity, new: Quantity) -> bool:
    if old.bound == "upper":
        return new.bound != "lower" and new.value <= old.value
    return old.bound == "lower" and new.bound != "upper" and new.value >= old.value


def _keeps(old: Quantity, new: Quantity) -> bool:
    return new.dimension == old.dimension and (new.equals(old) or _tighter(old, new))


def _tabled(old: Quantity, new: Quantity, *, reworded: bool) -> bool:
    # Whether the number stands alone now, as in a table of examples, or has no unit, as in "under 18".
    digits = _DIGITS.findall(old.text)
    return new.dimension == "count" and (new.text in digits or (reworded and _DIGITS.findall(new.text) == digits))


def _narrower(old: Quantity, new: Quantity) -> bool:
    # A second quantity beside the first: a tighter one, or the other end of a range, takes nothing away.
    if new.bound != old.bound and new.bound in _DIRECTED and old.bound in _DIRECTED:
        return True
    return (old.bound == "upper" and new.value <= old.value) or (old.bound == "lower" and new.value >= old.value)

"""Words that demand more or less than each other, and values that are demanded literally."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from pytest_orchestrator.spec_guard.document.requirements.units import read_unit
from pytest_orchestrator.spec_guard.document.requirements.vocabulary import NEGATIONS, ONLY, canonical, stem

# Scales: words that demand much, then those that demand less in their place.
_SCALES = """
    cut shut reject refuse deny decline block prevent forbid forbidden prohibit disallow bar abort fail cancel
    close stop halt terminate disconnect lock quarantine suspend revoke invalidate expire interrupt > accept
    allow permit admit grant continue proceed resume ignore disregard warn warning log flag notify record report
    mark throttle pass tolerate delay slow confirm execute complete succeed import approve discourage deprecate
    unlock tag alert inform tell count print notice replace;
    stop halt pause suspend silence mute > continue play playing resume slow dim lower;
    forbid forbidden prohibit > discourage deprecate;
    encrypt sign hash encipher encryption tls https mtls hsm > encode obfuscate plain plaintext cleartext
    compress base64 http mask;
    delete erase purge wipe remove destroy expunge shred evict clear scrub > hide archive keep retain preserve
    store deactivate disable mark flag move kept list report log;
    keep kept retain preserve store save persist maintain record log hold held > delete erase purge wipe discard
    overwrite drop forget truncate lose;
    verify validate check authenticate confirm inspect scan test > log trust assume skip record ignore accept
    display;
    require enforce demand mandate insist mandatory > recommend suggest encourage propose offer allow permit
    prefer optional invite;
    immediate immediately instant instantly directly right synchronous synchronously promptly > eventual
    eventually asynchronous asynchronously later lazily overnight nightly periodically after afterwards;
    before first > later afterwards eventually lazily;
    apply engage > release disengage;
    stop stopped exit quit > start starts restart run running resume;
    yes always full required supported > planned later deferred tbd todo partial partly limited optional experimental;
    hold pending wait await blocked > execute complete proceed pass grant accept;
    close closed shut > open keep kept;
    atomic atomically transactional serialisable serializable linearisable linearizable > eventual eventually
    partial partially sequential batched step stepwise;
    durable durably persistent permanent permanently disk non-volatile nonvolatile > temporary temporarily
    memory transient cache cached volatile ram;
    automatic automatically > manual manually request demand;
    notify alert inform tell told warn alarm email > log record count nothing;
    persist flush commit replicate write written save queue > cache drop discard;
    single-use one-time non-reusable > reusable reuse multi-use;
    immutable read-only append-only write-once > mutable editable writable modifiable read-write;
    strong strict strictly hard > weak lenient eventual relaxed loose soft loosely;
    log audit record trace > discard drop sample count skip;
    retry resend requeue > drop discard abandon skip ignore;
    restore recover roll rollback revert undo > log report continue ignore keep flag note leave skip;
    lock > close unlock open;
    isolate separate dedicated exclusive exclusively > share shared pooled;
    unique uniquely > shared duplicate;
    must required mandatory > optional;
    anonymise anonymize redact mask pseudonymise pseudonymize strip scrub > show display keep include truncate
    expose;
    complete entire full fully whole entirely > partial partially subset sample excerpt summary;
    real-time realtime live > batch batched nightly hourly daily periodic;
    deterministic deterministically reproducible reproducibly > random randomly arbitrary;
    error failure > success warning;
    error exception > warning notice hint;
    escalate > log note record
"""
# The same for what is forbidden: the first words forbid more than the others.
_FORBIDDEN = """
    modify change alter write touch > delete remove overwrite rename create;
    access read see view > download copy export share;
    process use collect > store share sell publish;
    reachable accessible > writable editable listed
"""
# Words that exclude each other in the same place of a sentence.
_OPPOSED = """
    old new; old latest; previous new; oldest newest; first last; next last; earliest latest; left right; major
    minor; ascending descending; minimum maximum; lowest highest; smallest largest; shortest longest; local
    remote; public private; read write; sender receiver; increase decrease; internal external; higher lower;
    more less; always never; any none; server client; inner outer; top bottom; source target; input output;
    primary secondary; moving parked; day night; upload download; inside outside; hash version
"""
_TOKEN = re.compile(r"[A-Za-z][\w'-]*")
# A name that stands for one thing: it has digits and letters, or capitals only.
_NAME = re.compile(
    r"(?<![\w-])(?=[\w./-]*[A-Za-z])(?:(?=[\w./-]*\d)[A-Za-z0-9]+(?:[-_./][A-Za-z0-9]+)*|[A-Z]{2,}(?:-[A-Z]+)*)(?![\w-])"
)
_KEY_WORD = re.compile(
    r"(?:MUST|SHALL|SHOULD|MAY|NOT|REQUIRED|RECOMMENDED|OPTIONAL|GIVEN|WHEN|THEN|AND|OR|BUT|IF|WHILE|WHERE)$"
)
_SPAN = re.compile(r"`+([^`]{1,100})`+|\"([^\"]{1,100})\"|\u201c([^\u201d]{1,100})\u201d")
_PLAIN = re.compile(r"[\W_]+")
_NEAR = 3
_ENDINGS = ("", "st", "nd", "rd", "th")


def _scales(text: str) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    halves = (line.split(">") for line in text.split(";"))
    return tuple((_stems(strong), _stems(weak)) for strong, weak in halves)


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in text.split())


_STRENGTHS = _scales(_SCALES)
_BREADTHS = _scales(_FORBIDDEN)
_OPPOSITES = frozenset(_stems(pair) for pair in _OPPOSED.split(";"))


def weaker_words(
    old: str, new: str, beside: Set[str] = frozenset(), *, either: bool = False, forbidden: bool = False
) -> tuple[str, str] | None:
    """A word of `old` and the one of `new` that demands less in its place, or beside it where `either` may be done.

    Where both are `forbidden`, it is one that forbids less. `beside` are canonical words near `new`.
    """
    before, after = _tokens(old), _tokens(new)
    gone, come = before.keys() - after.keys(), after.keys() - before.keys()
    for strong, weak in _BREADTHS if forbidden else _STRENGTHS:
        lost, found = strong & (before.keys() if either else gone), weak & come
        if not lost or not found or (strong & after.keys() and not either):
            continue
        word, other = next(iter(sorted(lost))), next(iter(sorted(found)))
        if not (before[word][1] or after[other][1] or canonical(before[word][0].lower())[0] in beside):
            return before[word][0], after[other][0]
    return None


def opposed(old: str, new: str) -> bool:
    """Whether two words that stand in the same place exclude each other."""
    return frozenset((stem(old.lower()), stem(new.lower()))) in _OPPOSITES


def literals(text: str) -> tuple[str, ...]:
    """What stands as code or between quotes in Markdown."""
    if "`" not in text and '"' not in text and "\u201c" not in text:
        return ()
    return tuple(next(group for group in found.groups() if group).strip() for found in _SPAN.finditer(text))


def changed_literal(old: Sequence[str], new: Sequence[str], before: str, after: str) -> tuple[str, str] | None:
    """A literal value in `before` and the other one that `after` has instead."""
    has, had = _folded(after), _folded(before)
    lost = next((item for item in old if _folded(item).strip() and _folded(item) not in has), None)
    come = next((item for item in new if _folded(item).strip() and _folded(item) not in had), None)
    if lost is not None and come is not None:
        return lost, come
    return next(_changed_names(before, after, has, had), None)


def _changed_names(before: str, after: str, has: str, had: str) -> Iterator[tuple[str, str]]:
    # Names count as exchanged when a word beside them is the same.
    come = [found for found in _NAME.finditer(after) if _is_name(found[0]) and _folded(found[0]) not in had]
    if not come:
        return
    for lost in _NAME.finditer(before):
        if not _is_name(lost[0]) or _folded(lost[0]) in has:
            continue
        for found in come:
            if _neighbours(before, lost) & _neighbours(after, found):
                yield lost[0], found[0]


def _is_name(word: str) -> bool:
    amount = word.lstrip("0123456789.,/-_")
    is_amount = word[0].isdigit() and (amount in _ENDINGS or read_unit(amount) is not None)
    return not is_amount and _KEY_WORD.match(word) is None and read_unit(word) is None


def _neighbours(text: str, name: re.Match[str]) -> set[tuple[str, str]]:
    left = text[: name.start()].lower().split()[-1:]
    right = text[name.end() :].lower().split()[:1]
    return {("left", stem(word.strip("`\"'.,;:"))) for word in left} | {
        ("right", stem(word.strip("`\"'.,;:"))) for word in right
    }


def _folded(text: str) -> str:
    return f" {_PLAIN.sub(' ', text.casefold()).strip()} "


def _tokens(text: str) -> dict[str, tuple[str, bool]]:
    # Stems with the word as it was written, and whether a negation or "only" stands near it.
    words = [found[0] for found in _TOKEN.finditer(text)]
    limits = [word.lower() in NEGATIONS or word.lower() in ONLY or word.lower().endswith("n't") for word in words]
    return {
        stem(word.lower()): (word, any(limits[max(0, number - _NEAR) : number + 2]))
        for number, word in enumerate(words)
    }

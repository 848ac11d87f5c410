"""One sentence of a spec as a model: force, what is done, quantities, conditions, exceptions and hedges."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterator
from functools import lru_cache

from pytest_orchestrator.spec_guard.document.requirements.keywords import CONDITION, EXCEPTION, FORCES, HEDGE
from pytest_orchestrator.spec_guard.document.requirements.model import Clause, Condition
from pytest_orchestrator.spec_guard.document.requirements.quantities import find_quantities
from pytest_orchestrator.spec_guard.document.requirements.units import plain_numbers
from pytest_orchestrator.spec_guard.document.requirements.vocabulary import NEGATIONS, canonical, is_filler

_MAX_CHARACTERS = 1_000  # longer sentences are read in parts, so that time stays linear
_MAX_CONDITIONS = 20

_KEYWORD = re.compile(
    "|".join(rf"(?P<f{force}>\b(?:{words})\b)" for force, words in FORCES.items())
    + r"|(?P<forbidden>\b(?:is|are) (?:prohibited|forbidden|not (?:allowed|permitted))(?: to| from)?\b)",
    re.IGNORECASE,
)
_NOT = re.compile(r"\s*(?:not|never|n't)\b(?! only\b)", re.IGNORECASE)
# "that may fail" and "so that users can see" put no duty on anything.
_RELATIVE = re.compile(
    r"\b(?:that|which|who|whom|what|whatever|so|as|than|whether|how)(?:\s+[\w-]+){0,2}\s*$", re.IGNORECASE
)
_BOUNDARY = re.compile(
    r"(?:[,;]\s*)?\b(?:and|but|or|nor)\b(?P<subject>(?:\s+[\w-]+){0,4}?)\s*$"
    r"|,\s*(?:which|who)\s*$"
    r"|(?:,(?!\d)|;)\s*(?P<other>(?:\w[\w-]*\s+){0,5})$",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"^(?:it|they|then|also|he|she|in turn|in addition|additionally|furthermore|\s)*$", re.IGNORECASE)
_NO_SUBJECT = re.compile(r"^\W*(?:no|none of|neither|nobody|nothing)\b", re.IGNORECASE)
_ONLY_SUBJECT = re.compile(r"^\W*(?:only|solely)\b", re.IGNORECASE)
_WORD = re.compile(r"[a-zµ%#][\w%#]*(?:[-'][\w]+)*|\d[\w.:-]*\w|\d", re.IGNORECASE)
_MARK_SIGNS = frozenset('*`_<\u201c\u201d"\u2018')
_DASH = re.compile(r"\s(?:--|–|—)\s|—")  # noqa: RUF001 - dashes as people write them
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()\s]*(?:\s\"[^\"]*\")?\)|\[[^\[\]]*\])")
_MARKS = re.compile(r"\*+|`+|(?<!\w)_+|_+(?!\w)|</?[A-Za-z][^<>]{0,200}>|[\u201c\u201d\"\u2018]")
_REWRITTEN = tuple(
    (re.compile(pattern, re.IGNORECASE), instead)
    for pattern, instead in (
        (r"[✓✔☑✅]", " yes "),
        (r"[✗✘✕☒❌]", " no "),
        (r"\bprior to\b|\bon or before\b", "before"),
        (r"\bbefore(?=[.,;]|$)", "already"),
        (r"\bused up\b", "exhausted"),
        (r"\b(?:each other|one another)\b", "mutually"),
        (r"\bat any time\b|\bwhenever (?:they|he|she|it) (?:wants?|likes?|wish(?:es)?)\b", ""),
        (r"\bin order to\b", "to"),
        (r"\bat once\b|\b(?:straight|right) away\b|\bwithout (?:any |undue )?delay\b", "immediately"),
        (r"\b(?:sign|log)(?:s|ed|ged|ing|ging)?[ -]in(?: to)?\b", "login"),
        (r"\b(?:sign|log)(?:s|ed|ged|ing|ging)?[ -]out\b", "logout"),
        (r"\bout of (?=(?:stock|memory|space|service|order|paper|ink)\b)", "no "),
        (r"\b(?:stop|cease)s? (?=\w+ing\b)|\brefrains? from\b", "not "),
        (r"\b(?:prevent|keep|stop)s? ((?:[\w-]+ ){1,5}?)from (?=\w+ing\b)", r"not let \1"),
        (r"\b(?:refuse|decline)s? to (?=\w)", "not "),
        (r"\bas well as\b", "and"),
        (r"\bby (?:the )?(?:means|use|way) of\b", "by"),
        (r"\bsubsequent to\b", "after"),
        (r"\bin (?:the )?absence of\b", "without"),
    )
)
# Whether the patterns above are worth a try, for text in lower case.
_REWRITES = re.compile(
    r"[✓✔☑✅✗✘✕☒❌]|\bfrom \w+ing\b|\bbefore(?:[.,;]|$)|\b(?:prior|on or|used up|(?:refuse|decline)s? to|other|another"
    r"|any time|whenever|order|at once|away|delay|means|use|way|out of|stops?|ceases?|refrains?|well|subsequent|absence"
    r"|(?:sign|log)(?:s|ed|ged|ing|ging)?)\b",
)
_ASKS = re.compile(
    r"\b(?:check|checks|verify|verifies|determine|determines|decide|decides|see|test|as)\s*$", re.IGNORECASE
)
_NO_WORDS = re.compile(r"\bnot (?:only|just)\b|\bat (?:the )?(?:most|least)\b")
_COMMA = re.compile(r",(?!\d)")
_END = re.compile(r"(?<=[.!?;])[\"')*_]*\s+(?=[\"'(*_`\[]*[A-Z0-9])|;\s+")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|cf|vs|approx|max|min|no|fig|sec|resp)\.)\s*$", re.IGNORECASE)


def plain_text(text: str) -> str:
    """`text` without Markdown's and HTML's marks, and with plain spaces and quotes."""
    text = html.unescape(text) if "&" in text else text
    if _REWRITES.search(text.lower()):
        for pattern, instead in _REWRITTEN:
            text = pattern.sub(instead, text)
    text = text.replace("\u2019", "'").replace("\u0130", "I").replace("\u00a0", " ").replace("\u202f", " ")
    text = _DASH.sub(", ", text) if not text.isascii() or "--" in text else text
    text = _LINK.sub(r"\1", text) if "[" in text else text
    return " ".join((_MARKS.sub("", text) if _MARK_SIGNS.intersection(text) else text).split())


def split_sentences(text: str) -> Iterator[str]:
    """The sentences of a paragraph; a semicolon ends one, too. Very long ones come in parts."""
    begin = 0
    for found in _END.finditer(text):
        if not _ABBREVIATION.search(text, max(begin, found.start() - 10), found.start()):
            yield from _parts(text[begin : found.start()])
            begin = found.end()
    yield from _parts(text[begin:])


@lru_cache(maxsize=4096)  # most sentences of the two texts are the same ones
def read_sentence(text: str) -> tuple[Clause, ...]:
    """The clauses of one sentence of plain text. A further key word after "and" makes one with the same subject."""
    plain = plain_numbers(text)
    keywords = _keywords(plain)
    if len(keywords) < 2:
        return (_clause(plain, keywords[0] if keywords else None),)
    subject = plain[: keywords[0].start()].strip()
    parts: list[tuple[int, str]] = [(0, "")]
    for before, found in itertools.pairwise(keywords):
        gap = plain[before.end() : found.start()]
        boundary = _BOUNDARY.search(gap)
        if boundary is None:
            continue
        own = (boundary["subject"] or boundary["other"] or "").strip()
        parts.append((before.end() + boundary.start(), subject if _PRONOUN.match(own) else ""))
    clauses: list[Clause] = []
    for (begin, lead), end in zip(parts, [begin for begin, _ in parts[1:]] + [len(plain)], strict=True):
        piece = re.sub(r"^[,;\s]*(?:and|but|or|nor)?\s*", "", plain[begin:end]) if begin else plain[begin:end]
        piece = re.sub(r"^(?:(?:it|they|then|also)\s+)+", "", piece, flags=re.IGNORECASE) if lead else piece
        whole = f"{lead} {piece}" if lead else piece
        found_words = _keywords(whole)
        clauses.append(_clause(whole, found_words[0] if found_words else None))
    return tuple(clauses)


def read_clause(text: str, *, condition: bool = False) -> Clause:
    """A sentence of plain text without key words as one clause: a step of a scenario, a cell of a table."""
    return _clause(plain_numbers(text), None, condition=condition)


def words_of(text: str) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """The canonical words of `text`, as they were written, and the number of negations."""
    words: list[str] = []
    spellings: list[str] = []
    negations = 0
    for found in _WORD.finditer(text):
        word = found[0].lower().removesuffix("'s")
        if word in NEGATIONS or word.endswith("n't"):
            negations += 1
        elif not is_filler(word):
            base, opposite = canonical(word)
            negations += opposite
            words.append(base)
            spellings.append(found[0])
    return tuple(words), tuple(spellings), negations


def _parts(sentence: str) -> Iterator[str]:
    text = sentence.strip()
    yield from (text[start : start + _MAX_CHARACTERS] for start in range(0, len(text), _MAX_CHARACTERS))


def _keywords(text: str) -> list[re.Match[str]]:
    found = []
    last = 0
    for match in _KEYWORD.finditer(text):
        lower = not match[0].isupper()
        before = text[last : match.start()]
        if lower and (
            (_RELATIVE.search(before[-60:]) and not match["forbidden"])
            or _in_condition(text[: match.start()], able="can" in match[0].lower())
        ):
            continue
        if (
            lower
            and match[0].casefold() in ("required", "optional", "recommended", "mandatory")
            and not re.search(r"\b(?:is|are|be|being)\s*$|^\W*$", before)
        ):
            continue
        found.append(match)
        last = match.end()
    upper = [match for match in found if match[0].isupper()]
    if upper and len(upper) != len(found):
        # Beside capitals, a word in lower case counts only where it begins a clause of its own.
        found = [
            match
            for match in found
            if match in upper or (match.start() > upper[0].start() and _own_clause(text, match))
        ]
    return found


def _own_clause(text: str, match: re.Match[str]) -> bool:
    return (
        re.search(
            r"\b(?:and|but)(?:\s+(?:it|they|(?:an?|the)\s+[\w-]+))?\s*$", text[: match.start()][-40:], re.IGNORECASE
        )
        is not None
    )


def _in_condition(before: str, *, able: bool) -> bool:
    # "If it cannot be read": what is possible is no duty.
    tail = before[-80:]
    opened = None
    for opened in CONDITION.finditer(tail.lower()):  # noqa: B007 - the last one counts
        pass
    return (
        opened is not None
        and "," not in tail[opened.end() :]
        and len(tail[opened.end() :].split()) <= 3
        and (opened.start() > 0 or able)
    )


def _clause(text: str, keyword: re.Match[str] | None, *, condition: bool = False) -> Clause:
    force, named, prohibits, lead, rest = _force(text, keyword)
    lead, early = _take_hedges(lead)
    rest, late = _take_hedges(rest)
    lead, opening = _take_conditions(lead, leading=keyword is not None or text[:1].isupper())
    rest, closing = _take_conditions(rest, leading=False)
    body = f"{lead} {rest}" if keyword is not None else lead
    start = len(lead) + 1 if keyword is not None else 0
    quantities, bare = find_quantities(body, condition=condition, negated=prohibits, predicate=start)
    bounded = prohibits and any(item.bound in ("upper", "lower") for item in quantities)
    # "MUST NOT hold more than 10" is "MUST hold at most 10".
    negations = int(prohibits and not (bounded and words_of(rest)[2] % 2 == 0))
    words, spellings, more = words_of(_NO_WORDS.sub(" ", bare))
    return Clause(
        text=text,
        force=force,
        keyword=named,
        negative=(negations + more) % 2 == 1,
        words=words,
        spellings=spellings,
        subject=len(words_of(lead)[0]) if keyword is not None else 0,
        quantities=quantities,
        conditions=tuple(_condition(word, part) for word, part in (*opening, *closing)),
        hedges=(*early, *late),
        body=body,
        prohibits=prohibits,
    )


def _force(text: str, keyword: re.Match[str] | None) -> tuple[int | None, str, bool, str, str]:
    # Force, key word, whether it is negated, the text before and after it.
    if keyword is None:
        return None, "", False, text, ""
    lead, rest = text[: keyword.start()], text[keyword.end() :]
    negated = _NOT.match(rest)
    rest = rest[negated.end() :] if negated else rest
    prohibits = negated is not None
    name = keyword[0]
    if keyword["forbidden"]:
        force, prohibits = 3, True
    else:
        force = next(number for number in FORCES if keyword[f"f{number}"])
    if name.casefold() in ("cannot", "can not"):
        prohibits = True
    subject = lead.rpartition(",")[2] if "," in lead else lead
    if _NO_SUBJECT.match(subject):
        prohibits, force = not prohibits, 3 if force == 1 else force
        lead = lead[: len(lead) - len(subject)] + _NO_SUBJECT.sub(" ", subject)
    elif _ONLY_SUBJECT.match(subject) and force == 1:
        force = 3
    return force, name + (" NOT" if negated else ""), prohibits, lead, rest


def _take_hedges(text: str) -> tuple[str, tuple[str, ...]]:
    found = tuple(HEDGE.finditer(text.lower()))
    if not found:
        return text, ()
    ends = [0, *(hedge.end() for hedge in found)]
    starts = [*(hedge.start() for hedge in found), len(text)]
    kept = (text[end:start] for end, start in zip(ends, starts, strict=True))
    return " ".join(kept), tuple(hedge[0] for hedge in found)


def _take_conditions(text: str, *, leading: bool) -> tuple[str, list[tuple[str, str]]]:
    # A condition before the main clause ends at its last comma; one behind it ends with the clause.
    marks = [
        (found, kind)
        for kind, pattern in (("exception", EXCEPTION), ("condition", CONDITION))
        for found in pattern.finditer(text.lower())
        if not _ASKS.search(text, max(0, found.start() - 14), found.start())
    ]
    marks.sort(key=lambda item: (item[0].start(), -item[0].end()))
    del marks[_MAX_CONDITIONS:]
    kept: list[str] = []
    taken: list[tuple[str, str]] = []
    position = 0
    for index, (found, kind) in enumerate(marks):
        if found.start() < position:
            continue
        following = next((other.start() for other, _ in marks[index + 1 :] if other.start() >= found.end()), len(text))
        commas = [comma.start() for comma in _COMMA.finditer(text, found.end(), len(text))]
        if leading and re.match(r"^\W*(?:and\s+)?$", text[: found.start()]) and commas:
            end = min(following, commas[-1] + 1) if following > commas[-1] else following
        else:
            end = following
            stop = re.search(r",\s*(?:and|but|then)\s|,\s(?=(?:the|it|a|an|this|that|then)\b)", text[found.end() : end])
            end = found.end() + stop.start() if stop and found.start() > 0 else end
        kept.append(text[position : found.start()])
        name = "exception" if found[0].casefold() == "by default" else kind
        taken.append((name, text[found.start() : end]))
        position = end
    kept.append(text[position:])
    return " ".join(kept), taken


def _condition(kind: str, text: str) -> Condition:
    low = text.lower()
    opening = (EXCEPTION if kind == "exception" and not low.startswith("by default") else CONDITION).match(low)
    inner = text[opening.end() :] if opening else text
    # An exception that covers more cases is weaker, and so is an end that comes sooner; a condition that covers fewer.
    quantities, bare = find_quantities(inner, condition=kind == "condition" and not low.startswith("until"))
    words, spellings, negations = words_of(bare)
    return Condition(
        text=text.strip(" ,."),
        words=words,
        spellings=spellings,
        quantities=quantities,
        exception=kind == "exception",
        negative=negations % 2 == 1,
    )

"""Finds the requirements in the body of a spec.

Requirements are lines of prose outside of code blocks: those with a key word of RFC 2119 (or "shall" and its like in
lower case, as EARS writes them), those with a number of their own (`R1:`, `REQ-12`, `1.2.3`), the steps of scenarios,
the rows of tables, and the items below a heading "Acceptance criteria". Items of a list complete the words before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pytest_orchestrator.spec_guard.document.requirements.blocks import Block, read_blocks
from pytest_orchestrator.spec_guard.document.requirements.keywords import (
    ASIDE,
    BOILERPLATE,
    CAPITALS_ONLY,
    CRITERIA_HEADING,
    INFORMAL_HEADING,
    WEAK_HEADINGS,
)
from pytest_orchestrator.spec_guard.document.requirements.model import Clause, Kind, Requirement
from pytest_orchestrator.spec_guard.document.requirements.rows import read_row
from pytest_orchestrator.spec_guard.document.requirements.sentence import (
    plain_text,
    read_clause,
    read_sentence,
    split_sentences,
)
from pytest_orchestrator.spec_guard.document.requirements.strength import literals
from pytest_orchestrator.spec_guard.document.requirements.units import read_unit

_NUMBERED = re.compile(
    r"^(?:\*\*|\[|\(|`)?((?:[A-Z][A-Z0-9]*(?:-[A-Z]+)*-?\d+(?:\.\d+)*)|(?:\d+(?:\.\d+)+))(?:\*\*|\]|`)?(?:[.:)\s]|$)\)?"
)
_SCENARIO = re.compile(
    r"^(?:\*\*)?(?:(?:Scenario|Example)(?: Outline| Template)?|Background)(?:\*\*)?\s*:?(?:\*\*)?\s*(.*)", re.IGNORECASE
)
_STEP = re.compile(r"^(?:\*\*|__|`)?(given|when|then|and|but)\b(?:\*\*|__|`)?[:,]?\s*(.*)$", re.IGNORECASE)
_TAGS = re.compile(r"@[\w:=-]+(?:\s+@[\w:=-]+)*")
_SKIPPED = re.compile(
    r"@(?:skip(?:ped)?|ignored?|disabled?|wip|todo|pending|manual|quarantined?|draft)\b", re.IGNORECASE
)
_INLINE_STEPS = re.compile(r"^(?:given|when)\b.*?,?\s+then\b,?\s*", re.IGNORECASE)
_LATELY = r"any (?:more|longer)|for (?:now|the (?:moment|time being))|at (?:the moment|present)"
_TITLED: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (
        force,
        re.compile(
            rf"^(?:status\s*:\s*)?(?:[\d.]+\s+)?\W*(?:{words.pattern})(?:\s+(?:{_LATELY}|[\w-]+))?\W*(?:[(\[].*[)\]])?\W*$"
            rf"|[(\[]\s*(?:{words.pattern})[^)\]]{{0,30}}[)\]]",
            re.IGNORECASE,
        ),
    )
    for force, words in WEAK_HEADINGS
)
_PREFIXED: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (
        force,
        re.compile(
            rf"^\W*(?:{words.pattern})\W*(?::|,\s|\s[-\u2013\u2014]\s|[)\]])|[(\[]\s*(?:{words.pattern})[^)\]]{{0,30}}[)\]]",
            re.IGNORECASE,
        ),
    )
    for force, words in WEAK_HEADINGS
)
# Deeper lists, and longer words before a list, are nobody's; time must stay linear.
_MAX_DEPTH = 20
_MAX_LEAD = 300


@dataclass(frozen=True, kw_only=True)
class _Lead:
    depth: int
    text: str
    force: int | None
    place: str


@dataclass(kw_only=True)
class _State:
    # Where a reader of the body is: below which headings, in which scenario, after which lead.
    headings: list[tuple[int, int, str]]
    leads: list[_Lead]
    scenario: str | None = None
    scenario_depth: int = 9
    role: str = ""
    tag: str = ""
    skipped: str = ""
    criteria: int = 0
    informal: int = 0
    capitals: bool = False

    def cap(self) -> tuple[int, str]:
        caps = [(force, title) for _, force, title in self.headings]
        if self.scenario is not None and self.skipped:
            caps.append((0, self.skipped))
        caps += [(lead.force, lead.place) for lead in self.leads if lead.force is not None]
        return min(caps, key=lambda item: item[0], default=(3, ""))


def find_requirements(body: str) -> tuple[Requirement, ...]:
    """The requirements of a spec's body, in its order. A wrapped paragraph is one block; each key word makes one."""
    return tuple(item for item in find_statements(body) if item.binding)


def find_statements(body: str) -> tuple[Requirement, ...]:
    """The requirements of a body, and the sentences between them as `prose`."""
    state = _State(headings=[], leads=[], capitals=CAPITALS_ONLY.search(body) is not None)
    return tuple(item for block in read_blocks(body) for item in _statements(block, state))


def _statements(block: Block, state: _State) -> Iterator[Requirement]:
    if block.kind == "heading":
        yield from _heading(block, state)
        return
    if block.kind == "row":
        yield from _row(block, state)
        return
    plain = plain_text(block.text)
    if not plain:
        return
    if (
        block.kind == "item"
        and state.scenario is not None
        and state.role
        and not _STEP.match(plain)
        and not _key_word(plain)
    ):
        # Gherkin's "*" repeats the kind of the step before.
        plain = f"And {plain}"
    if block.kind == "item":
        while state.leads and state.leads[-1].depth >= block.depth:
            state.leads.pop()
    elif block.depth == 0 or block.kind == "step":
        state.leads.clear()
    if _TAGS.fullmatch(plain):
        tag = _SKIPPED.search(plain)
        state.scenario, state.tag = None, tag[0] if tag else ""
        return
    scenario = _SCENARIO.match(block.text)
    if scenario is not None and (":" in block.text[:24] or plain.casefold() == "background"):
        state.scenario, state.scenario_depth, state.role = _title(plain), 9, ""
        state.skipped, state.tag = state.tag, ""
        yield _in_scenario(block, state, Clause(text=plain), condition=True)
        return
    step = _STEP.match(plain)
    if (
        step is not None
        and (state.scenario is not None or block.kind == "step" or _capital(block.text) or _INLINE_STEPS.match(plain))
        and not _has_word(plain, step)
    ):
        yield from _step(block, state, plain, step)
        return
    if state.scenario is not None and state.scenario_depth == 9 and block.kind == "paragraph":
        state.scenario = None
    weak = _weak(plain, _TITLED) if len(plain.split()) <= 4 else None
    if weak is not None and not _key_word(plain):
        state.leads.append(
            _Lead(depth=-1 if block.kind != "item" else block.depth, text="", force=weak, place=plain.strip(": "))
        )
        return
    yield from _text(block, state, plain)


def _heading(block: Block, state: _State) -> Iterator[Requirement]:
    title = plain_text(block.text)
    state.headings = [item for item in state.headings if item[0] < block.depth]
    state.leads.clear()
    if state.criteria and block.depth <= state.criteria:
        state.criteria = 0
    if state.informal and block.depth <= state.informal:
        state.informal = 0
    if state.scenario is not None and (block.depth <= state.scenario_depth):
        state.scenario = None
    weak = 0 if block.deleted and not title else _weak(title, _TITLED)
    if weak is not None:
        state.headings.append((block.depth, weak, title or "struck through"))
    if CRITERIA_HEADING.match(title) and len(title.split()) <= 4:
        state.criteria = block.depth
    elif INFORMAL_HEADING.fullmatch(title.strip(" :").lower()):
        state.informal = block.depth
    scenario = _SCENARIO.match(title)
    if scenario is not None and ":" in title:
        state.scenario, state.scenario_depth, state.role = _title(title), block.depth, ""
        state.skipped, state.tag = state.tag, ""
        yield _in_scenario(block, state, Clause(text=title), condition=True)


def _step(block: Block, state: _State, plain: str, step: re.Match[str]) -> Iterator[Requirement]:
    word = step[1].casefold()
    state.role = word if word in ("given", "when", "then") else state.role or "then"
    text, condition = step[2], state.role in ("given", "when")
    inline = _INLINE_STEPS.match(plain) if condition else None
    if inline is not None:
        first = plain[: inline.end()]
        clause = read_clause(re.sub(r"\bthen\b\W*$", "", first[step.start(2) :], flags=re.IGNORECASE), condition=True)
        yield _in_scenario(block, state, clause, condition=True)
        text, condition = plain[inline.end() :], False
    clauses = read_sentence(text)
    for clause in (
        clauses if any(item.force is not None for item in clauses) else (read_clause(text, condition=condition),)
    ):
        found = _in_scenario(block, state, clause, condition=condition)
        yield replace(found, exception=word == "but" and not condition and not clause.negative)


def _text(block: Block, state: _State, plain: str) -> Iterator[Requirement]:
    numbered = _numbered(plain)
    name = numbered[1] if numbered else ""
    rest = plain[numbered.end() :].lstrip() if numbered else plain
    lead = next((item for item in reversed(state.leads) if item.text), None) if block.kind == "item" else None
    kind: Kind = "numbered" if name else "criterion" if state.criteria and block.kind == "item" else "word"
    force: int | None = None
    weak = _weak(rest, _PREFIXED)
    whole = rest
    if lead is not None and not _key_word(rest):
        whole = f"{lead.text} {rest}"
    sentences = list(split_sentences(whole))
    for sentence in sentences:
        if BOILERPLATE.search(sentence):
            continue
        aside = ASIDE.match(sentence)
        for clause in read_sentence(sentence):
            force = clause.force if clause.force is not None else force
            demanded = (
                clause.force is not None
                or kind in ("numbered", "criterion")
                or (state.scenario is not None and block.kind == "item")
            )
            found = _requirement(
                block,
                state,
                kind=kind if demanded else "prose",
                clause=clause,
                name=name or (state.scenario or "" if block.kind == "item" else ""),
            )
            if aside is not None or (weak is not None and weak < found.force):
                found = replace(
                    found, force=0 if aside else weak or 0, place=(aside[0] if aside else rest[:40]).strip()
                )
            yield found
    opens = plain.endswith(":") or (block.kind == "paragraph" and force is not None and plain[-1] not in ".!?;")
    if opens or block.kind == "item":
        depth = block.depth if block.kind == "item" else -1
        if block.kind != "item":
            state.leads.clear()
        if len(state.leads) < _MAX_DEPTH:
            text = _open(whole)[-_MAX_LEAD:] if opens else ""
            state.leads.append(_Lead(depth=depth, text=text, force=force, place=plain[:40]))
    elif block.kind == "paragraph" and block.depth == 0:
        state.leads.clear()


def _numbered(plain: str) -> re.Match[str] | None:
    # The number of a requirement: "1.2 It MUST", but not "99.9 % of the calls MUST".
    found = _NUMBERED.match(plain)
    if found is None or not found[1][0].isdigit():
        return found
    unit = next(iter(plain[found.end() :].split(maxsplit=1)), "")
    return None if unit == "%" or (len(unit) > 1 and read_unit(unit)) else found


def _row(block: Block, state: _State) -> Iterator[Requirement]:
    numbered = _NUMBERED.match(block.cells[0])
    name = numbered[1] if numbered and numbered.end() >= len(block.cells[0]) else ""
    row = read_row(block, named=bool(name))
    weak = min((force for text in row.states if (force := _weak(text, _TITLED)) is not None), default=3)
    sentences = any(clause.force is not None for clause in row.clauses)
    if row.when is not None:
        found = _requirement(block, state, kind="row", clause=row.when, name=name)
        yield replace(found, condition=True)
    for clause in row.clauses:
        demanded = clause.force is not None if sentences else not state.informal
        kind: Kind = "row" if demanded else "prose"
        found = _requirement(block, state, kind=kind, clause=clause, name=name or (state.scenario or ""))
        yield replace(found, force=min(found.force, row.force, weak))


def _in_scenario(block: Block, state: _State, clause: Clause, *, condition: bool) -> Requirement:
    found = _requirement(block, state, kind="scenario", clause=clause, name=state.scenario or "")
    return replace(found, condition=condition)


def _requirement(
    block: Block,
    state: _State,
    *,
    kind: Kind,
    clause: Clause,
    name: str = "",
) -> Requirement:
    cap, place = state.cap()
    if clause.keyword.casefold() == "can" and kind in ("scenario", "criterion", "numbered", "row"):
        # There "can" says what users are able to do.
        clause = replace(clause, force=None, keyword="")
    own = clause.force if clause.force is not None else 0 if kind == "prose" else 3
    if state.capitals and clause.keyword.islower():
        own = 0
    return Requirement(
        kind=kind,
        text=clause.text if kind != "row" else block.text,
        line=block.line,
        clause=clause,
        name=name,
        force=min(own, cap),
        place=place if cap < max(own, 1) else "",
        quoted=block.quoted,
        literals=tuple(item for item in literals(block.text) if item in clause.text),
    )


def _weak(text: str, patterns: tuple[tuple[int, re.Pattern[str]], ...]) -> int | None:
    begin = text[:200]
    # Without brackets only the beginning can match; to search for it would cost a tenth of the time.
    marked = "(" in begin or "[" in begin
    found = (force for force, pattern in patterns if (pattern.search if marked else pattern.match)(begin))
    return next(found, None)


def _key_word(plain: str) -> bool:
    return any(clause.force is not None for sentence in split_sentences(plain) for clause in read_sentence(sentence))


def _has_word(plain: str, step: re.Match[str]) -> bool:
    # "When the cache is full, the cache shall ..." is a sentence, not a step.
    return (
        step[1].casefold() in ("when", "given", "and", "but")
        and "," in plain
        and not _INLINE_STEPS.match(plain)
        and _key_word(plain)
    )


def _capital(text: str) -> bool:
    return (
        re.match(r"^(?:\*\*|__|`)?(?:GIVEN|WHEN|THEN)\b", text) is not None
        or re.match(r"^(?:\*\*|__)(?:given|when|then)\b", text, re.IGNORECASE) is not None
    )


def _open(text: str) -> str:
    # "The server MUST do the following:" is completed by "log each call".
    text = re.sub(
        r"\b(?:do |support |provide |include |be |meet )?(?:all of )?the following(?:\s+\w+)?\s*:?$",
        "",
        text.rstrip(": "),
        flags=re.IGNORECASE,
    )
    return text.strip()


def _title(text: str) -> str:
    return " ".join(
        re.findall(
            r"\w+",
            re.sub(r"^\W*(?:Scenario|Example)(?: Outline| Template)?\W*:?", "", text, flags=re.IGNORECASE).casefold(),
        )
    )

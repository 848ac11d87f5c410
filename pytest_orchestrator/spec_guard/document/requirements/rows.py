"""Reads a row of a table as requirements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pytest_orchestrator.spec_guard.document.requirements.blocks import Block
from pytest_orchestrator.spec_guard.document.requirements.keywords import FORCES
from pytest_orchestrator.spec_guard.document.requirements.model import Clause
from pytest_orchestrator.spec_guard.document.requirements.sentence import (
    plain_text,
    read_clause,
    read_sentence,
    split_sentences,
    words_of,
)

_STATE = re.compile(r"\b(?:status|state|phase|scope|decision|release|milestone)\b", re.IGNORECASE)
_FORCE = re.compile("|".join(rf"(?P<f{force}>\b(?:{words})\b)" for force, words in FORCES.items()), re.IGNORECASE)
# Columns that say by yes and no whether something is demanded, and those that say when.
_DEMANDED = re.compile(r"\b(?:required|mandatory|must|compulsory)\b\W*$", re.IGNORECASE)
_WHEN = re.compile(r"^(?:triggers?|conditions?|events?|when|if|while|given|preconditions?)\b", re.IGNORECASE)
_YES = re.compile(r"(?:yes|y|true|x|always)\W*", re.IGNORECASE)
_NO = re.compile(r"(?:no|n|false|never)?\W*", re.IGNORECASE)
_NONE = ("-", "--", "\u2013", "\u2014")
_ABILITY = ("can", "could", "will", "would")
_LONGEST_KEY_WORD = 3


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a row demands."""

    clauses: tuple[Clause, ...]
    """Those of its sentence with a key word, and one of its other cells."""
    force: int
    """The force of the cells that hold nothing but a key word; 3 without such cells."""
    states: tuple[str, ...]
    """The cells that may say that the row does not count: below "Status", or with brackets."""
    when: Clause | None = None
    """The cells that say in which case its sentence holds."""


def read_row(block: Block, *, named: bool) -> Row:
    """The row as requirements. The first cell is left out where it is the name of the requirement: `named`."""
    headers = [plain_text(header) for header in block.header[named:]]
    cells = [
        _cell(cell, headers[index] if index < len(headers) else "") for index, cell in enumerate(block.cells[named:])
    ]
    forces = [force for cell in cells if (force := _force(cell)) is not None and _is_key_word(cell)]
    rest = [(index, cell) for index, cell in enumerate(cells) if not _is_key_word(cell)]
    sentence = next((item for item in rest if _force(item[1]) is not None), None)
    clauses = list(_sentence(sentence[1])) if sentence is not None else []
    left = [(cell, headers[index] if index < len(headers) else "") for index, cell in rest if (index, cell) != sentence]
    when = [item for item in left if _WHEN.match(item[1])] if clauses else []
    merged = _merge(block.text, [item for item in left if item not in when])
    # What a sentence without a subject is about stands in the cells beside it.
    about = (*merged.words, *merged.context)
    clauses = [clause if clause.subject else replace(clause, context=about) for clause in clauses]
    if not clauses or merged.words or merged.quantities:
        clauses.append(merged)
    states = tuple(
        cell
        for index, cell in rest
        if "(" in cell or "[" in cell or (index < len(headers) and _STATE.search(headers[index]))
    )
    return Row(
        clauses=tuple(clauses),
        force=min(forces, default=3),
        states=states,
        when=_merge(block.text, when) if when else None,
    )


def _cell(text: str, header: str) -> str:
    # The words of a cell, with yes and no as key words where a column says what is demanded.
    plain = plain_text(text)
    plain = "no" if plain in _NONE else plain
    if _DEMANDED.search(header) and header.casefold() != "must":
        return "required" if _YES.fullmatch(plain) else "recommended" if _NO.fullmatch(plain) else plain
    return plain


def _force(cell: str) -> int | None:
    found = _FORCE.search(cell)
    if found is None or (found[0].casefold() in _ABILITY and not _is_short(cell)):
        return None
    return next(force for force in FORCES if found[f"f{force}"] is not None)


def _is_key_word(cell: str) -> bool:
    return _force(cell) is not None and not words_of(_FORCE.sub(" ", cell))[0]


def _is_short(cell: str) -> bool:
    return len(cell.split()) <= _LONGEST_KEY_WORD


def _sentence(cell: str) -> Iterator[Clause]:
    for part in split_sentences(cell):
        yield from read_sentence(part)


def _merge(text: str, cells: Sequence[tuple[str, str]]) -> Clause:
    # The first cell says what the row is about; with a column's title it says which way its numbers bind.
    subject = re.sub(r"\d+", "", cells[0][0]) if cells else ""
    read = []
    for index, (cell, header) in enumerate(cells):
        clause = read_clause(cell)
        if index and clause.quantities:
            context = read_clause(f"{subject} {header} {cell}").quantities
            clause = replace(clause, quantities=context) if len(context) == len(clause.quantities) else clause
        read.append(clause)
    return Clause(
        text=text,
        words=tuple(word for clause in read for word in clause.words),
        context=tuple(word for _, header in cells for word in read_clause(header).words),
        spellings=tuple(word for clause in read for word in clause.spellings),
        quantities=tuple(item for clause in read for item in clause.quantities),
        conditions=tuple(part for clause in read for part in clause.conditions),
        hedges=tuple(hedge for clause in read for hedge in clause.hedges),
        negative=sum(clause.negative for clause in read) % 2 == 1,
    )

"""Whether programs do the same after codemods as before: generated, rewritten in this process, run in another one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.patterns.behaviour.grammar import Grammar, programs

Transform = Callable[[str, str], str]
"""Applies the codemod with this id to a source text."""
_Result = tuple[str, str | None]
"""What a program printed, and the error that ended it."""


@dataclass(frozen=True, kw_only=True)
class Family:
    """Programs around the edits of some codemods, which are applied in this order."""

    codemods: tuple[str, ...]
    names: tuple[str, ...]
    """What programs import from `odd`, where they mention it."""
    grammar: Grammar
    same_errors: bool = True
    """Whether a program that fails must fail with the same error afterwards."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A program that prints or raises something else after the codemods."""

    before: str
    after: str
    results: tuple[_Result, _Result]

    def __str__(self) -> str:
        return f"{self.before}\n---- became\n{self.after}\n---- gives {self.results[0]}\n---- not {self.results[1]}\n"


@dataclass(frozen=True, kw_only=True)
class Checked:
    """How many programs there were, and what the codemods did to them."""

    programs: int
    changed: int
    differences: tuple[Difference, ...]


def check(family: Family, transform: Transform, *, count: int, seed: int = 0) -> Checked:
    """Generate `count` programs, rewrite each, and run those that changed before and after."""
    generated = list(programs(family.grammar, family.names, count, seed))
    pairs = [(text, after) for text in generated if (after := _rewritten(text, family, transform)) != text]
    differences = [
        Difference(before=old, after=new, results=(expected, found))
        for (old, new), (expected, found) in zip(pairs, _run(pairs), strict=True)
        if not _is_same(expected, found, family)
    ]
    return Checked(programs=len(generated), changed=len(pairs), differences=tuple(differences))


def _is_same(expected: _Result, found: _Result, family: Family) -> bool:
    if expected[1] is None or family.same_errors:
        return expected == found
    return found[1] is not None and expected[0] == found[0]


def _rewritten(text: str, family: Family, transform: Transform) -> str:
    for codemod in family.codemods:
        text = transform(codemod, text)
    return text


def _run(pairs: Sequence[tuple[str, str]]) -> list[tuple[_Result, _Result]]:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("run_pairs.py"))],
        input="".join(f"{json.dumps(pair)}\n" for pair in pairs),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=900,
        check=True,
    )
    results = (json.loads(line) for line in done.stdout.splitlines())
    return [(tuple(before), tuple(after)) for before, after in results]

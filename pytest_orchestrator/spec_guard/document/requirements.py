"""Finds the requirements in the body of a spec, and in each what can be weakened.

Requirements are lines of prose outside of code blocks: those with a key word of RFC 2119 (in capitals, as the RFC
writes them), those with a number of their own (`R1:`, `REQ-12`, `1.2.3`), scenarios (`Scenario:` and headings so
called), and the items below a heading "Acceptance criteria".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pytest_orchestrator.spec_guard.document.markdown import prose_lines

Kind = Literal["word", "numbered", "scenario", "criterion"]

_STRENGTHS = {"MUST": 3, "SHALL": 3, "REQUIRED": 3, "SHOULD": 2, "RECOMMENDED": 2, "MAY": 1, "OPTIONAL": 1}
_WORD = re.compile(r"\b(MUST NOT|SHALL NOT|SHOULD NOT|MUST|SHALL|REQUIRED|SHOULD|RECOMMENDED|MAY|OPTIONAL)\b")
_NUMBERED = re.compile(
    r"^(?:[-*+]\s+)?(?:\*\*|\[|`)?((?:[A-Z][A-Z0-9]*-?\d+(?:\.\d+)*)|(?:\d+(?:\.\d+)+))(?:\*\*|\]|`)?[.:)\s]"
)
_SCENARIO = re.compile(r"^(?:#+\s+)?(?:[-*+]\s+)?(?:\*\*)?(?:Scenario|Example)(?: Outline)?\s*:\s*(.*)", re.IGNORECASE)
_HEADING = re.compile(r"^(#{1,6})\s++(.*)")
_ITEM = re.compile(r"^(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?(.*)")
_NUMBER = re.compile(r"(?<![\w.])(\d+(?:[.,]\d+)*)\s*(%|[a-zA-Zµ]+)?")


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One requirement. `line` is 1-based within the body."""

    kind: Kind
    text: str
    line: int
    name: str = ""
    """Its number, or the title of a scenario."""

    @property
    def strength(self) -> int:
        """3 for MUST, 2 for SHOULD, 1 for MAY, 0 without such a word; the strongest of several."""
        return max((_STRENGTHS[word.split()[0]] for word in _WORD.findall(self.text)), default=0)

    @property
    def wording(self) -> tuple[str, ...]:
        """Its words without key words, numbers and punctuation: they stay when it is weakened."""
        plain = _NUMBER.sub(" ", _WORD.sub(" ", self.text))
        return tuple(re.findall(r"\w+", plain.casefold()))

    @property
    def numbers(self) -> tuple[tuple[float, str], ...]:
        """The quantities in it: values with their units."""
        named = self.text.replace(self.name, " ", 1) if self.kind == "numbered" else self.text
        return tuple(_quantity(value, unit) for value, unit in _NUMBER.findall(named))


def find_requirements(body: str) -> tuple[Requirement, ...]:
    """The requirements of a spec's body, in its order. A wrapped paragraph or list item is one."""
    return tuple(_find(body))


def _find(body: str) -> Iterator[Requirement]:
    criteria = 0
    for line, text in _paragraphs(body):
        heading = _HEADING.match(text)
        if heading is not None:
            depth, title = len(heading[1]), heading[2].rstrip("#").rstrip().casefold()
            if criteria and depth <= criteria:
                criteria = 0
            if title.startswith(("acceptance criteri", "done when", "definition of done")):
                criteria = depth
        scenario, numbered = _SCENARIO.match(text), _NUMBERED.match(text)
        if scenario is not None:
            yield Requirement(kind="scenario", text=text, line=line, name=_plain(scenario[1]))
        elif numbered is not None:
            yield Requirement(kind="numbered", text=text, line=line, name=numbered[1])
        elif heading is not None:
            continue
        elif criteria and _ITEM.match(text) is not None:
            yield Requirement(kind="criterion", text=text, line=line)
        elif _WORD.search(text) is not None:
            yield Requirement(kind="word", text=text, line=line)


def _paragraphs(body: str) -> Iterator[tuple[int, str]]:
    """Each paragraph, list item and heading on one line, with the number of its first line."""
    started = 0
    parts: list[str] = []
    for number, line in prose_lines(body):
        text = line.strip()
        opens = not text or text.startswith("#") or _ITEM.match(text) is not None or _SCENARIO.match(text) is not None
        if parts and (opens or parts[-1].startswith("#")):
            yield started, " ".join(parts)
            parts = []
        if text:
            started = started if parts else number
            parts.append(text)
    if parts:
        yield started, " ".join(parts)


def _quantity(value: str, unit: str) -> tuple[float, str]:
    # 1,000 is a thousand, 1,5 is one and a half, 1.2.3 is a version and compares as its first two parts.
    plain = re.sub(r",(?=\d{3}(?:\D|$))", "", value).replace(",", ".")
    whole, _, rest = plain.partition(".")
    return float(f"{whole}.{rest.replace('.', '') or 0}"), unit.casefold()


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))

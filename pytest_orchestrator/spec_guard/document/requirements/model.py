"""What a spec demands, as values: requirements, the clauses that they consist of, and the conditions in these."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pytest_orchestrator.spec_guard.document.requirements.quantities import Quantity

Kind = Literal["word", "numbered", "scenario", "criterion", "row", "prose"]


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A part of a sentence that says when a duty holds, or when it doesn't."""

    text: str
    words: tuple[str, ...]
    spellings: tuple[str, ...]
    """Each of `words` as it was written."""
    quantities: tuple[Quantity, ...]
    exception: bool
    """Whether the duty does not hold in this case: unless, except."""
    negative: bool = False
    """Whether it holds an odd number of negations."""


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A sentence, or the part of one that has a key word of its own."""

    text: str
    force: int | None = None
    """3 for MUST, 2 for SHOULD, 1 for MAY, 0 for "will"; None without a key word."""
    keyword: str = ""
    negative: bool = False
    """Whether what is done is negated an odd number of times: NOT, never, "reject" for "accept"."""
    words: tuple[str, ...] = ()
    """What is done, to what, by what: canonical words in their order, `#` for a quantity."""
    spellings: tuple[str, ...] = ()
    """Each of `words` as it was written."""
    context: tuple[str, ...] = ()
    """The words of the titles of a table's columns."""
    subject: int = 0
    """How many of `words` stand before the key word."""
    quantities: tuple[Quantity, ...] = ()
    conditions: tuple[Condition, ...] = ()
    hedges: tuple[str, ...] = ()
    body: str = ""
    """The text without its key word and conditions."""
    prohibits: bool = False
    """Whether the key word itself is negated."""

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """All words, those of the conditions and of the context as well."""
        return frozenset((*self.words, *self.context)).union(*(part.words for part in self.conditions))

    @cached_property
    def amounts(self) -> tuple[Quantity, ...]:
        """All quantities, those of the conditions as well."""
        return (*self.quantities, *(item for part in self.conditions for item in part.quantities))

    @cached_property
    def meaning(self) -> object:
        """Equal for clauses that say the same with the same canonical words, the key word aside."""
        amounts = tuple((item.value, item.dimension, item.bound) for item in self.quantities)
        parts = tuple(
            (part.exception, part.negative, part.words, tuple((item.value, item.dimension) for item in part.quantities))
            for part in self.conditions
        )
        links = self.text.casefold().count(" or "), self.text.casefold().count(" and ")
        able = " can " in self.text.casefold()
        return self.words, self.negative, amounts, parts, self.hedges, links, able


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One demand, or a sentence that makes none (`prose`). `line` is 1-based within the body."""

    kind: Kind
    text: str
    line: int
    clause: Clause
    name: str = ""
    """Its number, or the title of its scenario."""
    force: int = 3
    """3 for MUST, 2 for SHOULD, 1 for MAY, 0 for no obligation: its own key word's, or less below a weaker heading."""
    place: str = ""
    """The heading, or list, that takes force from it; empty where none does."""
    literals: tuple[str, ...] = ()
    """What stands in it as code or between quotes."""
    quoted: bool = False
    """Whether it stands in a quotation."""
    exception: bool = False
    """Whether it is a step that takes something back: "but cookies are kept"."""
    condition: bool = False
    """Whether it is a step of a scenario that says in which case the others hold."""

    @property
    def binding(self) -> bool:
        """Whether somebody could hold the code to it."""
        return self.kind != "prose" and self.force > 0


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What stands beside a pair and may hold a part of it, because a sentence was split or two were merged."""

    new_words: frozenset[str] = frozenset()
    new_quantities: tuple[Quantity, ...] = ()
    old_words: frozenset[str] = frozenset()
    old_quantities: tuple[Quantity, ...] = ()
    """Those of the other old sentences that became the same new one."""

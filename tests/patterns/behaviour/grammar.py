"""Small programs derived from a grammar, so that a few lines of alternatives give many combinations."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

Grammar = Mapping[str, Sequence[str] | Callable[[random.Random], str]]
"""The alternatives of each symbol, the plainest first, or what makes a text for it.

Texts name other symbols in angle brackets: `<value>`.
"""

# How often the first alternative is taken: a program in which everything is odd at once is one that no codemod changes.
_PLAINEST = 0.6
_SYMBOL = re.compile(r"<([a-z_]+)>")


def derive(grammar: Grammar, rng: random.Random, symbol: str = "program") -> str:
    """A text for `symbol`. The lines of a replacement keep the indentation of the line that it stands in."""
    rule = grammar[symbol]
    text = rule(rng) if callable(rule) else rule[0] if rng.random() < _PLAINEST else rng.choice(rule)
    while (found := _SYMBOL.search(text)) is not None:
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        indent = line[: len(line) - len(line.lstrip())]
        replacement = derive(grammar, rng, found[1]).replace("\n", f"\n{indent}")
        text = text[: found.start()] + replacement + text[found.end() :]
    return text


def programs(grammar: Grammar, names: Sequence[str], count: int, seed: int) -> Iterator[str]:
    """Up to `count` different programs that Python can compile; the same for the same `seed`.

    Each imports those of the `names` of the module `odd` that it mentions.
    """
    rng = random.Random(seed)  # noqa: S311 - a fixed choice of programs, no secret
    seen: set[str] = set()
    for _ in range(3 * count):
        text = derive(grammar, rng) + "\n"
        used = set(re.findall(r"\w+", text)).intersection(names)
        text = f"from odd import {', '.join(sorted(used))}\n{text}" if used else text
        if text not in seen and _compiles(text):
            seen.add(text)
            yield text
        if len(seen) == count:
            return


def _compiles(text: str) -> bool:
    try:
        compile(text.encode(), "program.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True

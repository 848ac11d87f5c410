"""Which triggers are looked for in worker processes only, where a worker watches the time that it takes.

Nothing can stop Python's `re` from within its process, and some expressions take for ever on some lines: `(a+)+$`. The
shipped patterns' triggers are known to be fast, as are those that the engine makes. Of others it is told from
what they are made of.
"""

from __future__ import annotations

import re

from pytest_orchestrator.pattern_engine.library.library import shipped_folder
from pytest_orchestrator.pattern_engine.pattern import Pattern

# An escape, or a set of characters: whatever it says, it is one step.
_STEP = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_CHOICE = re.compile(r"(?<!\()\?|\|")
_MAX_CHOICES = 12


def must_be_watched(pattern: Pattern) -> bool:
    """Whether looking for the pattern's trigger may take too long, for all that can be told at once."""
    if pattern.folder is None or pattern.folder.parent == shipped_folder():
        return False
    return not all(map(_is_plain, pattern.trigger.text))


def _is_plain(expression: str) -> bool:
    """Whether it repeats nothing, and has few choices: then it takes a few steps from each place on, and no more."""
    steps = _STEP.sub("x", expression)
    return not set("*+{").intersection(steps) and len(_CHOICE.findall(steps)) <= _MAX_CHOICES

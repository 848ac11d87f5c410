"""Counting what a patch does to each file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pytest_orchestrator.evaluation.outcome import FileEdit

_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")


def count_lines(patch: bytes, paths: Sequence[str]) -> tuple[FileEdit, ...]:
    """The lines that each file of a git patch gains and loses; `paths` are its files in order, binary ones count none.

    A line of a file can look like a header, so hunks are followed by the lengths that their heads give
    (`git help diff-format`).
    """
    counts: list[list[int]] = []
    last_head = b""
    old = new = 0
    for line in patch.split(b"\n"):
        if old <= 0 and new <= 0:
            if line.startswith(b"diff --git ") and line != last_head:
                last_head = line  # a file that becomes a link is told as two differences of one path
                counts.append([0, 0])
            elif head := _HUNK.match(line):
                old, new = (1 if length is None else int(length) for length in head.groups())
        elif line.startswith(b"+"):
            new -= 1
            counts[-1][0] += 1
        elif line.startswith(b"-"):
            old -= 1
            counts[-1][1] += 1
        elif not line.startswith(b"\\"):  # "\ No newline at end of file" is in neither
            old, new = old - 1, new - 1
    return tuple(
        FileEdit(path=path, added=added, removed=removed) for path, (added, removed) in zip(paths, counts, strict=True)
    )

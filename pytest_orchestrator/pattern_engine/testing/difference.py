"""What is different between two files, for a person."""

from __future__ import annotations

import difflib

from pytest_orchestrator.display import printable


def difference(one: bytes, other: bytes, one_name: str, other_name: str) -> str:
    """A unified diff in which every byte that matters can be seen."""
    lines = difflib.unified_diff(_shown_lines(one), _shown_lines(other), one_name, other_name, lineterm="")
    return "\n".join(lines)


def _shown_lines(data: bytes) -> list[str]:
    """Each line with what is invisible about it escaped; a last line without an end says so."""
    lines = [printable(line.decode("utf-8", "backslashreplace"), keep="\t") for line in data.split(b"\n")]
    if lines[-1]:
        lines[-1] += " (no newline at the end)"
    else:
        del lines[-1]
    return lines

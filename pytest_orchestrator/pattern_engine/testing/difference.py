"""The difference of two files, for people."""

from __future__ import annotations

import difflib

from pytest_orchestrator.display import printable


def difference(one: bytes, other: bytes, one_name: str, other_name: str) -> str:
    """A unified diff in which invisible characters are escaped."""
    lines = difflib.unified_diff(_escaped_lines(one), _escaped_lines(other), one_name, other_name, lineterm="")
    return "\n".join(lines)


def _escaped_lines(data: bytes) -> list[str]:
    """The lines with invisible characters escaped; a last line without a newline is marked."""
    lines = [printable(line.decode("utf-8", "backslashreplace"), keep="\t") for line in data.split(b"\n")]
    if lines[-1]:
        lines[-1] += " (no newline at the end)"
    else:
        del lines[-1]
    return lines

"""Whether the engine and its peers came to the same result: a ratio of speeds says nothing otherwise.

Files that the engine says it leaves alone are set aside, those that LibCST changes by reading and writing them, and
those on which a rule of Fixit's raises, for which Fixit says nothing else. What the engine said is its report in JSON.
"""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

import libcst

_VIOLATION = re.compile(r"^(?P<path>[^\n@]+\.py)@(?P<line>\d+):(?P<column>\d+) (?P<rule>\w+): ", re.MULTILINE)
_CRASH = re.compile(r"^(?P<path>[^\n@]+\.py): EXCEPTION: ", re.MULTILINE)


def other_bytes(report: Any, tree: Path, changed: Path) -> list[str]:
    """The files of `tree` of which the engine would make something else than is in the folder `changed`."""
    ours = {item["path"]: item["after_sha256"] for item in report["files"] if item["kind"] == "edited"}
    paths = (path.relative_to(tree).as_posix() for path in sorted(tree.rglob("*.py")))
    return [
        path
        for path in paths
        if path not in _left_alone(report)
        and ours.get(path, _digest(tree / path)) != _digest(changed / path)
        and _is_given_back(tree / path)
    ]


def other_findings(report: Any, output: str) -> list[str]:
    """The files of which the engine's Fixit rules say something else than `output`, which is `fixit lint`'s."""
    ours, theirs = Counter[tuple[str, int, int, str]](), Counter[tuple[str, int, int, str]]()
    for item in report["files"]:
        for found in item.get("diagnostics", ()):
            rule = found["rule"].rpartition(".")[2].removesuffix("Rule")
            ours[item["path"], found["range"]["start_line"], found["range"]["start_column"], rule] += 1
    for match in _VIOLATION.finditer(output):
        theirs[match["path"], int(match["line"]), int(match["column"]) + 1, match["rule"]] += 1
    aside = _left_alone(report) | {match["path"] for match in _CRASH.finditer(output)}
    return sorted({location[0] for location in (ours - theirs) + (theirs - ours)} - aside)


def _left_alone(report: Any) -> set[str]:
    return {item["path"] for item in report["files"] if item["kind"] == "rejected"}


def _is_given_back(path: Path) -> bool:
    data = path.read_bytes()
    return libcst.parse_module(data).bytes == data


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()

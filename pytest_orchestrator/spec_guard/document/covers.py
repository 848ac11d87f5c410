"""Adds entries to `covers` in a spec's front matter; all other bytes stay."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.spec_guard.document.mapping import NATIVE, Reading
from pytest_orchestrator.spec_guard.document.spec import name_of_key, parse

_VALUE = r"[ \t]*:[ \t]*([^#\r\n]*?)[ \t]*(#[^\r\n]*)?\r?\Z"
_ITEM = re.compile(r"([ \t]*)-[ \t]")
_PLAIN = re.compile(r"[A-Za-z_./][\w./*-]*\Z", re.ASCII)


def with_covers(data: bytes, entries: Sequence[str], *, path: str, reading: Reading = NATIVE) -> bytes:
    """A spec's bytes with `entries` at the end of `covers`, which is made where it is missing.

    Raises:
        InputError: the spec can't be read, or its `covers` is written in a way that only a person can edit.
    """
    before = parse(data, path=path, reading=reading)
    if before.declaration is None:
        problem = before.problems[0]
        raise InputError(problem.message, path=path, line=problem.range.start_line, fix=problem.fix)
    name = name_of_key(data, "covers", path=path, reading=reading)
    key = re.compile(re.escape(name) + _VALUE)
    lines = data.decode().split("\n")
    ending = "\r" if lines[0].endswith("\r") else ""
    spelled = [entry if _PLAIN.match(entry) else json.dumps(entry) for entry in entries]
    ends = (number for number, line in enumerate(lines[1:], start=1) if line.rstrip() in ("---", "..."))
    end = next(ends, 0) if lines[0].lstrip("\ufeff").rstrip() == "---" else 0
    if not end:
        raise InputError(
            "has no front matter in YAML to which covers could be added",
            path=path,
            line=1,
            fix=f"write its keys first: pytest-orchestrator spec stamp {path}",
        )
    start = next((number for number in range(1, end) if key.match(lines[number])), None)
    if start is None:
        lines[end:end] = [f"{name}:{ending}", *(f"  - {item}{ending}" for item in spelled)]
    else:
        _add(lines, start, end, spelled, key)
    result = "\n".join(lines).encode()
    after = parse(result, path=path, reading=reading)
    if after.problems != before.problems or after.covers != (*before.covers, *entries):
        raise InputError(
            "has a list covers that can't be added to",
            path=path,
            line=before.line("covers"),
            fix="write it as lines `- entry`, or add the entries by hand",
        )
    return result


def _add(lines: list[str], start: int, end: int, spelled: Sequence[str], key: re.Pattern[str]) -> None:
    """Add to the list that begins in the line `start`; the front matter ends in the line `end`."""
    ending = "\r" if lines[0].endswith("\r") else ""
    found = key.match(lines[start])
    value = found[1] if found else ""
    if value.startswith("[") and value.endswith("]") and found is not None:
        inside = value[1:-1].strip().removesuffix(",")
        listed = ", ".join([*([inside] if inside else []), *spelled])
        lines[start] = lines[start][: found.start(1)] + f"[{listed}]" + lines[start][found.end(1) :]
        return
    last, indent = start, "  "
    for number in range(start + 1, end):
        item = _ITEM.match(lines[number])
        if item:
            last, indent = number, item[1]
        elif lines[number].strip() and not lines[number].lstrip().startswith("#"):
            break
    if value in ("null", "~"):
        lines[start] = f"{lines[start].partition(':')[0]}:{ending}"
    lines[last + 1 : last + 1] = [f"{indent}- {item}{ending}" for item in spelled]

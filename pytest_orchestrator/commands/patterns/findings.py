"""What patterns found and changed, for persons and programs. Values in, text out."""

from __future__ import annotations

import difflib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.commands.patterns.apply import Applied
from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.display import painted, printable, quoted_line
from pytest_orchestrator.pattern_engine.host.apply import Change
from pytest_orchestrator.pattern_engine.results import Edited, FileResult, Found, Overlap, Rejected
from pytest_orchestrator.pattern_engine.suppressions import RULE


def as_text(applied: Applied, *, written: bool) -> Iterator[str]:
    """A line for each thing found, changed or refused; unless `written`, nothing was changed yet."""
    for result in applied.report.files:
        if isinstance(result, Found):
            yield from (_finding(item, item.rule) for item in result.diagnostics)
        else:
            yield from _about_file(result, written=written)


def for_person(
    applied: Applied, read_line: Callable[[str, int], str | None], *, written: bool, colour: bool
) -> Iterator[str]:
    """As `as_text`, for a terminal: with the line below each finding, and with colours if wanted."""
    for result in applied.report.files:
        if not isinstance(result, Found):
            yield from _about_file(result, written=written)
            continue
        for item in result.diagnostics:
            number = item.range.start_line
            yield _finding(item, painted(item.rule, "yellow", colour=colour))
            yield from quoted_line(number, read_line(item.path, number), colour=colour)


def suppressed(applied: Applied, everything: Applied) -> Iterator[str]:
    """A line for each finding of `everything` that comments suppress in `applied`."""
    remaining = Counter(diagnostics(applied))
    for item in diagnostics(everything):
        if remaining[item]:
            remaining[item] -= 1
        elif item.rule != RULE:
            yield f"{_finding(item, item.rule)} (suppressed)"


def as_summary(applied: Applied, *, written: bool) -> str:
    """The counts of files by result, in one line."""
    counts, report = applied.report.counts, applied.report
    words = {
        "unchanged": "unchanged",
        "edited": "edited" if written else "would change",
        "rejected": "left alone",
        "diagnostics": "diagnostic" if counts["diagnostics"] == 1 else "diagnostics",
    }
    summary = ", ".join(f"{counts[kind]} {word}" for kind, word in words.items() if counts[kind])
    files = "1 file" if report.examined == 1 else f"{report.examined} files"
    return f"{files} in {report.seconds:.2f} s: {summary or 'nothing'}"


def as_json(applied: Applied, *, diff: bool = False) -> str:
    """The report, the patterns that ran, and with `diff` the patch; bytes in it that are not UTF-8 as escapes."""
    data = {"patterns": list(applied.patterns), **encode(applied.report)}
    if diff:
        data["diff"] = b"".join(as_diff(applied.changes)).decode("utf-8", "backslashreplace")
    # A file's name that is not UTF-8 holds lone surrogates: JSON spells them as Python's escapes do.
    return json.dumps(data, indent=2, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def as_diff(changes: Sequence[Change]) -> Iterator[bytes]:
    """A unified diff of each changed file, in its own bytes: `git apply` takes it."""
    for change in changes:
        before, after = (_lines(data) for data in (change.before, change.after))
        old, new = (_quoted(f"{side}/{change.path}") for side in "ab")
        for line in difflib.diff_bytes(difflib.unified_diff, before, after, old, new):
            yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def as_statistics(applied: Applied) -> list[tuple[str, int, int]]:
    """The patterns that did something: their ids, how many files they changed, and how many things they found.

    Wrong suppressions come last.
    """
    edited = [id_ for result in applied.report.files if isinstance(result, Edited) for id_ in result.patterns]
    found = [item.rule for item in diagnostics(applied)]
    rows = [(id_, edited.count(id_), found.count(id_)) for id_ in rules(applied)]
    return [row for row in rows if row[1] or row[2]]


def rules(applied: Applied) -> tuple[str, ...]:
    """The rules of the findings: the patterns, and the rule about suppressions if it reported something."""
    return tuple(dict.fromkeys([*applied.patterns, *sorted(item.rule for item in diagnostics(applied))]))


def diagnostics(applied: Applied) -> Iterable[Diagnostic]:
    """All findings, file by file."""
    return [item for result in applied.report.files if isinstance(result, Found) for item in result.diagnostics]


def message_of(result: Rejected) -> str:
    """Why the file was left alone, with the pattern's id before it, made printable."""
    return printable(f"{result.pattern}: {result.message}" if result.pattern else result.message)


def _finding(item: Diagnostic, rule: str) -> str:
    location = f"{printable(item.path)}:{item.range.start_line}:{item.range.start_column}"
    return f"{location}: {rule} {printable(item.message)}" + (" (has a fix)" if item.edit else "")


def _about_file(result: FileResult, *, written: bool) -> Iterator[str]:
    match result:
        case Edited():
            changed = "changed" if written else "would be changed"
            yield f"{printable(result.path)}: {changed} by {', '.join(result.patterns)}"
            for overlap in result.overlaps:
                if overlap.outcome == "nothing-left":  # those that changed it too work together, as they should
                    yield f"{printable(result.path)}:{overlap.line}: {_describe_overlap(overlap)}"
        case Rejected():
            yield f"{_location(result)}: left alone ({result.reason}): {message_of(result)}"
        case _:
            return


def _describe_overlap(overlap: Overlap) -> str:
    lines = "this line" if overlap.line == overlap.end_line else f"lines {overlap.line} to {overlap.end_line}"
    return (
        f"{overlap.winner} and {overlap.loser} both change {lines}: {overlap.winner} ran first, {overlap.loser} had"
        " nothing left to do"
    )


def _location(result: Rejected) -> str:
    return printable(result.path) + (f":{result.line}" if result.line else "")


def _lines(data: bytes) -> list[bytes]:
    """Lines as git counts them: a lone carriage return ends none."""
    lines = data.split(b"\n")
    return [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _quoted(name: str) -> bytes:
    """A file's name as git writes it in a patch: in quotes, with octal escapes, when it would be misread otherwise."""
    data = os.fsencode(name)
    if printable(name) == name and not set('"\\') & set(name):
        return data
    plain = (chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\{byte:03o}" for byte in data)
    return f'"{"".join(plain)}"'.encode()

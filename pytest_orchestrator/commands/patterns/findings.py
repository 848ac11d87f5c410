"""What patterns found and changed, in the formats that editors and forges read. Values in, text out."""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Iterable, Iterator, Sequence

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.commands.patterns.apply import Applied
from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.display import printable, workflow_command
from pytest_orchestrator.pattern_engine.host.apply import Change
from pytest_orchestrator.pattern_engine.results import Edited, Found, Overlap, Rejected


def as_text(applied: Applied, *, written: bool) -> Iterator[str]:
    """A line for each thing found, changed or refused; unless `written`, nothing was changed yet."""
    changed = "changed" if written else "would be changed"
    for result in applied.report.files:
        match result:
            case Found():
                for item in result.diagnostics:
                    location = f"{printable(item.path)}:{item.range.start_line}:{item.range.start_column}"
                    yield f"{location}: {item.rule} {printable(item.message)}" + (" (has a fix)" if item.edit else "")
            case Edited():
                yield f"{printable(result.path)}: {changed} by {', '.join(result.patterns)}"
                for overlap in result.overlaps:
                    if overlap.outcome == "changed-too":  # they work together, as they should
                        continue
                    yield f"{printable(result.path)}:{overlap.line}: {_describe_overlap(overlap)}"
            case Rejected():
                yield f"{_location(result)}: left alone ({result.reason}): {_message(result)}"
            case _:
                continue


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


def as_github(applied: Applied) -> Iterator[str]:
    """Workflow commands that GitHub shows as annotations of the changed files."""
    for item in diagnostics(applied):
        yield workflow_command(
            "warning",
            item.message,
            file=item.path,
            line=item.range.start_line,
            col=item.range.start_column,
            endLine=item.range.end_line,
            endColumn=item.range.end_column,
            title=item.rule,
        )
    failed = applied.report.failures
    for result in applied.report.files:
        if isinstance(result, Edited):
            names = ", ".join(result.patterns)
            yield workflow_command("warning", f"{names} would change it", file=result.path, title=names)
        elif isinstance(result, Rejected):
            line = {"line": result.line} if result.line else {}
            level = "error" if result in failed else "notice"
            yield workflow_command(level, _message(result), file=result.path, **line, title="left alone")


def as_diff(changes: Sequence[Change]) -> Iterator[bytes]:
    """A unified diff of each changed file, in its own bytes: `git apply` takes it."""
    for change in changes:
        before, after = (_lines(data) for data in (change.before, change.after))
        old, new = (_quoted(f"{side}/{change.path}") for side in "ab")
        for line in difflib.diff_bytes(difflib.unified_diff, before, after, old, new):
            yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def as_statistics(applied: Applied) -> list[tuple[str, int, int]]:
    """For each pattern: its id, how many files it changed, and how many things it found; then wrong suppressions."""
    edited = [id_ for result in applied.report.files if isinstance(result, Edited) for id_ in result.patterns]
    found = [item.rule for item in diagnostics(applied)]
    return [(id_, edited.count(id_), found.count(id_)) for id_ in rules(applied)]


def rules(applied: Applied) -> tuple[str, ...]:
    """The rules of the findings: the patterns, and the rule about suppressions if it reported something."""
    return tuple(dict.fromkeys([*applied.patterns, *sorted(item.rule for item in diagnostics(applied))]))


def diagnostics(applied: Applied) -> Iterable[Diagnostic]:
    """All findings, file by file."""
    return [item for result in applied.report.files if isinstance(result, Found) for item in result.diagnostics]


def _describe_overlap(overlap: Overlap) -> str:
    lines = "this line" if overlap.line == overlap.end_line else f"lines {overlap.line} to {overlap.end_line}"
    return (
        f"{overlap.winner} and {overlap.loser} both change {lines}: {overlap.winner} ran first, {overlap.loser} had"
        " nothing left to do"
    )


def _location(result: Rejected) -> str:
    return printable(result.path) + (f":{result.line}" if result.line else "")


def _message(result: Rejected) -> str:
    return printable(f"{result.pattern}: {result.message}" if result.pattern else result.message)


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

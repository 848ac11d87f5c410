"""`patterns lint --add-ignores`: a comment with a reason on each line on which something is found today."""

from __future__ import annotations

import tokenize
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from pytest_orchestrator.commands.patterns.apply import Applied, RestorableFiles, work_tree
from pytest_orchestrator.commands.patterns.findings import diagnostics
from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.errors import InputError, UsageError
from pytest_orchestrator.pattern_engine.comments import joined_lines
from pytest_orchestrator.pattern_engine.host.workspace import SourceFile, Workspace
from pytest_orchestrator.pattern_engine.results import Found
from pytest_orchestrator.pattern_engine.suppressions import RULE, suppressions


@dataclass(frozen=True, kw_only=True)
class Added:
    """How many comments were added, in how many files; and how many suppressions were wrong before, and are still."""

    comments: int
    files: int
    wrong: int


def add_ignores(root: Path, applied: Applied, reason: str, *, allow_dirty: bool) -> Added:
    """Suppress each finding by a comment at the end of its line; of a string, at the end of the string.

    Faults of suppressions themselves stay.

    Raises:
        UsageError: the reason is empty or would end a comment; git could not restore a file.
        InputError: a file can't be written, or was changed in the meantime.
    """
    _check_reason(reason)
    workspace, tree = Workspace(root), work_tree(root)
    found = {
        result.path: [item for item in result.diagnostics if item.rule != RULE]
        for result in applied.report.files
        if isinstance(result, Found)
    }
    found = {path: items for path, items in found.items() if items}
    if not allow_dirty:
        guard = RestorableFiles(tree)
        for path in found:
            guard.check(path)
    files = [SourceFile(path=path, data=workspace.read(path)) for path in found]
    made = [(file, *_with_comments(file, found[file.path], reason.strip())) for file in files]
    for file, data, _ in made:  # only now: a reason that one file can't hold changes no other one
        workspace.write(file, data)
    wrong = sum(item.rule == RULE for item in diagnostics(applied))
    return Added(comments=sum(added for *_, added in made), files=len(made), wrong=wrong)


def _check_reason(reason: str) -> None:
    problem = "" if reason.isprintable() and "#" not in reason else "it would end the comment"
    for comment in suppressions(f"x  {_comment(['id'], reason.strip())}\n".encode()):
        problem = problem or comment.problem
    if problem:
        raise UsageError(
            f"{reason!r} is not a reason: {problem}", fix='name one such as --add-ignores "not reviewed yet"'
        )


def _comment(ids: Iterable[str], reason: str) -> str:
    return f"# orchestrator: ignore[{', '.join(sorted(ids))}] {reason}"


def _with_comments(file: SourceFile, items: Sequence[Diagnostic], reason: str) -> tuple[bytes, int]:
    """The file with its comments, and how many these are."""
    ends = {line: lines.stop - 1 for lines in joined_lines(file.data) for line in lines}
    ids: dict[int, set[str]] = {}
    for item in items:
        line = item.range.start_line
        ids.setdefault(ends.get(line, line), set()).add(item.rule)
    encoding = tokenize.detect_encoding(BytesIO(file.data).readline)[0].removesuffix("-sig")
    lines = file.data.split(b"\n")
    for line, names in ids.items():
        text = lines[line - 1].rstrip(b"\r")
        try:
            comment = f"  {_comment(names, reason)}".encode(encoding)
        except UnicodeEncodeError as error:
            raise InputError(
                f"is in {encoding}, which can't hold the reason", path=file.path, fix="write the reason in ASCII"
            ) from error
        lines[line - 1] = text.rstrip() + comment + lines[line - 1][len(text) :]
    return b"\n".join(lines), len(ids)

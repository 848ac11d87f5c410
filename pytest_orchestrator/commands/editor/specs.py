"""What the spec guard says about a project some of whose files are edited, and which specs govern their lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pytest_orchestrator.commands.spec.check import check_specs, installed_rules
from pytest_orchestrator.commands.spec.list import ListedSpec, list_specs
from pytest_orchestrator.config import load_settings, read_project_file
from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.errors import OrchestratorError
from pytest_orchestrator.spec_guard.coverage.anchors import parse_anchor
from pytest_orchestrator.spec_guard.coverage.parts import part_lines
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.project import Project

_NOT_UPDATED = "SG007"


@dataclass(frozen=True, kw_only=True)
class Governing:
    """A spec in force that governs a file or a part of it."""

    spec: ListedSpec
    title: str
    entry: str
    """The entry of its `covers`."""
    lines: range | None
    """The lines that it governs, counted from 1; None: the whole file."""
    must_move: bool
    """Whether the change edits code of the spec in this file, and the spec was not updated."""

    def sentence(self) -> str:
        """How old the review is and when the next one is due."""
        spec = self.spec
        if spec.age_days is None or spec.last_review is None:
            return "never reviewed"
        age = "today" if spec.age_days == 0 else f"{spec.age_days} day{'s' if spec.age_days != 1 else ''} ago"
        due = f", due {spec.due}" if spec.due else ""
        return f"reviewed {age}{due}" + (" (overdue)" if spec.state == "overdue" else "")


@dataclass(frozen=True, kw_only=True)
class JudgedSpecs:
    """The findings of the spec guard by path, and what governs each of the files that were asked for."""

    findings: Mapping[str, Sequence[Diagnostic]] = field(default_factory=dict)
    governing: Mapping[str, Sequence[Governing]] = field(default_factory=dict)


def judge_specs(root: Path, texts: Mapping[str, str], *, today: date) -> JudgedSpecs:
    """Check the specs of the project in `root` with `texts` in place of the files of these names.

    Tells for each of these files which specs govern it. Empty for a project that doesn't use the spec guard: it has
    neither its settings nor a spec.

    Raises:
        OrchestratorError: the settings are wrong, or git can't tell what changed.
    """
    project = Project(
        root,
        settings=load_settings(root).spec_guard,
        today=today,
        rules=installed_rules(),
        texts={path: text.encode("utf-8", "surrogatepass") for path, text in texts.items()},
    )
    if not _uses_guard(project):
        return JudgedSpecs()
    found: dict[str, list[Diagnostic]] = {}
    for item in check_specs(project).diagnostics:
        found.setdefault(item.path, []).append(item)
    listed = {spec.path: spec for spec in list_specs(project)}
    silent = {path for path, items in found.items() if any(item.rule == _NOT_UPDATED for item in items)}
    governing = {
        path: tuple(item for spec in project.specs for item in _governing(project, spec, path, listed, silent))
        for path in texts
    }
    for path, items in governing.items():
        found.setdefault(path, []).extend(_reminders(path, items))
    return JudgedSpecs(findings=found, governing=governing)


def _uses_guard(project: Project) -> bool:
    if read_project_file(project.root).under("tool", "pytest_orchestrator", "spec_guard") is not None:
        return True
    if not project.folders:
        return False
    return any(project.document(path).declaration is not None for path in project.paths_without_git())


def _governing(
    project: Project, spec: SpecDocument, path: str, listed: Mapping[str, ListedSpec], silent: set[str]
) -> Iterator[Governing]:
    if not spec.in_force or spec.declaration is None:
        return
    must_move = spec.path in silent and path in project.changes.governed(spec)
    for entry in spec.covers:
        anchor = parse_anchor(entry)
        if path not in project.snapshot.files.matching(anchor):
            continue
        for lines in _lines(project, path, anchor.symbol):
            yield Governing(
                spec=listed[spec.path],
                title=spec.declaration.title,
                entry=entry,
                lines=lines,
                must_move=must_move,
            )


def _lines(project: Project, path: str, part: str) -> Sequence[range | None]:
    """The lines of a part; None for a whole file, and where lines can't be told."""
    if not part:
        return [None]
    try:
        return part_lines(project.snapshot.read(path) or b"", path, part) or [None]
    except OrchestratorError:  # the guard itself reports it
        return [None]


def _reminders(path: str, governing: Sequence[Governing]) -> Iterator[Diagnostic]:
    """A finding in the code for each spec that has to move with it."""
    moving = {item.spec.path: item for item in reversed(governing) if item.must_move}
    for spec, item in sorted(moving.items()):
        yield Diagnostic(
            rule=_NOT_UPDATED,
            severity="warning",
            message=f"this change has to update the spec {item.spec.id} ({spec}), {item.sentence()}",
            path=path,
            range=Range.of_line(item.lines.start if item.lines else 1),
            fix=f"correct its text or, if it is still true, set its last_review: {spec}",
        )

"""The report of the spec guard, as a value, as text and as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.display import printable
from pytest_orchestrator.spec_guard.change.changes import Changes
from pytest_orchestrator.spec_guard.ledgers.baseline import Baseline, what_of
from pytest_orchestrator.spec_guard.ledgers.evidence import ALIGN, HEADERS, Evidence, table
from pytest_orchestrator.spec_guard.rules.verdict import is_in_baseline
from pytest_orchestrator.tables import markdown_table

_MAX_OTHERS = 20


@dataclass(frozen=True, kw_only=True)
class ComparedRange:
    """What the working tree was compared with."""

    base: str
    """The name of the base, e.g. `origin/main`."""
    source: str
    """How the base was found."""
    commit: str | None = None
    """The commit where HEAD forked from the base; absent before the first commit."""
    changed_files: int
    """How many files differ, specs included."""

    def __str__(self) -> str:
        at = f" at {self.commit[:12]}" if self.commit else ""
        changed = f"{self.changed_files} changed file{'' if self.changed_files == 1 else 's'}"
        return f"compared with {self.base}{at} ({self.source}): {changed}"


@dataclass(frozen=True, kw_only=True)
class SpecReport:
    """The findings on a project. It is clean when no diagnostic is an error and there is no problem."""

    schema: Literal["pytest-orchestrator/spec-report/1"] = "pytest-orchestrator/spec-report/1"
    today: date
    specs: tuple[str, ...]
    """The specs that were checked."""
    diagnostics: tuple[Diagnostic, ...]
    compared: ComparedRange | None = None
    """Absent when no check needed the change."""
    problems: tuple[str, ...] = ()
    """Why something could not be checked."""
    baseline: int = 0
    """How many findings the baseline holds; they are not among the diagnostics."""
    notes: tuple[str, ...] = ()
    """What else a reader must know, such as which files were ignored."""
    concerned: tuple[str, ...] = ()
    """The specs with a finding that the change edits, or whose code it edits."""
    evidence: tuple[Evidence, ...] = ()
    """The tests of the run that are marked with a spec's id, for each spec that needs or has some."""

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that are violations."""
        return tuple(item for item in self.diagnostics if item.severity == "error")

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that are not violations, or not yet."""
        return tuple(item for item in self.diagnostics if item.severity == "warning")


def compared_range(changes: Changes) -> ComparedRange | None:
    """The range of `changes`; None when there is none."""
    if changes.base is None:
        return None
    return ComparedRange(
        base=changes.base.name,
        source=changes.base.source,
        commit=changes.base.commit,
        changed_files=len(changes.files) + len(changes.specs),
    )


def without_known(found: Iterable[Diagnostic]) -> tuple[tuple[Diagnostic, ...], int]:
    """The findings in the order of files and lines, without those in the baseline; and how many those are, counted as
    the baseline does: the same finding on two lines of a file is one."""
    unique = dict.fromkeys(found)
    known = {(item.rule, item.path, what_of(item)) for item in unique if is_in_baseline(item)}
    kept = [item for item in unique if not is_in_baseline(item)]
    return tuple(sorted(kept, key=lambda item: (item.path, item.range, item.rule))), len(known)


def notes_on(ignored: Mapping[str, int], baseline: Baseline, *, path: str) -> tuple[str, ...]:
    """The notes about files that were ignored, by the reason, and about a baseline that the change brings to `path`."""
    notes = []
    if ignored:
        notes.append(f"ignored: {', '.join(f'{count} {reason}' for reason, count in ignored.items())}")
    if baseline.adopted:
        notes.append(f"the change adds the baseline {path}: it holds for specs that the change does not touch")
    return tuple(notes)


def render_diagnostic(item: Diagnostic) -> str:
    """`path:line: RULE message`, and the fix below it."""
    warning = "warning: " if item.severity == "warning" else ""
    text = f"{printable(item.path)}:{item.range.start_line}: {item.rule} {warning}{printable(item.message)}"
    return text + (f"\n  fix: {printable(item.fix)}" if item.fix else "")


def render_summary(report: SpecReport) -> Iterator[str]:
    """The last lines: the comparison, and how many specs, violations and warnings there are."""
    if report.compared is not None:
        yield str(report.compared)
    yield from report.notes
    counted = f"{_count(report.errors, 'violation')}, {_count(report.warnings, 'warning')}"
    known = f", {_count(range(report.baseline), 'finding')} in the baseline" if report.baseline else ""
    yield f"{_count(report.specs, 'spec')} checked: {counted}{known}"


def shown(report: SpecReport) -> tuple[Sequence[Diagnostic], str]:
    """The findings that a person reads one by one, and a line that sums up the others.

    More than 20 warnings on specs that the change does not concern are only counted.
    """
    aside = frozenset(report.specs) - frozenset(report.concerned)
    others = [item for item in report.warnings if item.path in aside]
    if len(others) <= _MAX_OTHERS:
        return report.diagnostics, ""
    counts = Counter(item.rule for item in others)
    return [item for item in report.diagnostics if item.severity == "error" or item.path not in aside], (
        f"{len(others)} warnings on {len({item.path for item in others})} specs that the change does not concern: "
        f"{', '.join(f'{rule} {counts[rule]}' for rule in sorted(counts))}\n"
        "  list them: pytest-orchestrator spec check --format markdown"
    )


def render_text(report: SpecReport) -> str:
    """The report for a terminal."""
    found, others = shown(report)
    lines = [*map(render_diagnostic, found), *filter(None, [others])]
    lines += [f"not checked: {problem}" for problem in report.problems]
    return "\n".join([*lines, *render_summary(report)])


def render_markdown(report: SpecReport) -> str:
    """The report as a page."""
    lines = ["# Spec guard", "", *(f"- {line}" for line in render_summary(report)), f"- today is {report.today}"]
    lines += [f"- **not checked**: {printable(' '.join(problem.split()))}" for problem in report.problems]
    if report.diagnostics:
        rows = (
            (f"`{item.path}:{item.range.start_line}`", item.rule, item.severity, item.message, item.fix)
            for item in report.diagnostics
        )
        lines += ["", *markdown_table(rows, ["where", "rule", "severity", "what", "fix"])]
    if report.evidence:
        lines += ["", *markdown_table(table(report.evidence), HEADERS, align=ALIGN)]
    return "\n".join(lines) + "\n"


def _count(items: Sequence[object], noun: str) -> str:
    return f"{len(items)} {noun}" + ("" if len(items) == 1 else "s")

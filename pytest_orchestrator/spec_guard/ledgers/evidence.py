"""Evidence (SG017): the tests of a run that are marked with ids of specs, and whether each spec has what it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.display import listed
from pytest_orchestrator.spec_guard.document.spec import SpecDocument

RULE = "SG017"

Outcome = Literal["passed", "failed", "skipped"]


@dataclass(frozen=True, kw_only=True)
class MarkedTest:
    """The outcome of a test that is marked with the ids of specs. `path` and `line` are those of its definition."""

    test: str
    specs: tuple[str, ...]
    outcome: Outcome
    path: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The tests of one spec, by outcome."""

    spec: str
    required: bool
    passed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """`failed`, `passed` or `missing`."""
        if self.failed:
            return "failed"
        return "passed" if self.passed else "missing"


def matrix(specs: Iterable[SpecDocument], tests: Sequence[MarkedTest]) -> tuple[Evidence, ...]:
    """The evidence of each spec that needs or has some, sorted by id."""
    found: dict[str, Evidence] = {}
    for spec in specs:
        declaration = spec.declaration
        if declaration is None or declaration.status == "retired":
            continue
        own = [test for test in tests if declaration.id in test.specs]
        if own or declaration.evidence == "required":
            found[declaration.id] = Evidence(
                spec=declaration.id,
                required=declaration.evidence == "required",
                **{
                    how: tuple(test.test for test in own if test.outcome == how)
                    for how in ("passed", "failed", "skipped")
                },
            )
    return tuple(found[name] for name in sorted(found))


def evidence_problems(
    specs: Sequence[SpecDocument], tests: Sequence[MarkedTest], *, whole: bool
) -> Iterator[Diagnostic]:
    """Specs without required evidence, and markers that name unknown specs.

    `whole` is whether all tests of the project ran. If not, missing evidence is only a warning.
    """
    by_id = {spec.declaration.id: spec for spec in specs if spec.declaration is not None}
    for evidence in matrix(specs, tests):
        spec = by_id[evidence.spec]
        if not evidence.required or (evidence.passed and not evidence.failed):
            continue
        if evidence.failed:
            message = f"its evidence fails: {listed(evidence.failed, at_most=3)}"
        elif evidence.skipped:
            message = f"its evidence was skipped: {listed(evidence.skipped, at_most=3)}"
        else:
            message = "it needs evidence, and no test marked with its id passed in this run"
        yield spec.diagnostic(
            RULE,
            message,
            key=("evidence",),
            fix=f'mark a test that shows it: @pytest.mark.spec("{evidence.spec}")',
            severity="error" if whole or evidence.failed else "warning",
        )
    yield from _unknown(by_id, tests)


def _unknown(by_id: Mapping[str, SpecDocument], tests: Sequence[MarkedTest]) -> Iterator[Diagnostic]:
    for test in tests:
        for name in test.specs:
            if name not in by_id:
                yield Diagnostic(
                    rule=RULE,
                    severity="error",
                    message=f"the marker of {test.test} names the unknown spec {name!r}: {did_you_mean(name, by_id)}",
                    path=test.path,
                    range=Range.of_line(test.line),
                    fix="correct the id in @pytest.mark.spec",
                )


HEADERS = ("spec", "evidence", "passed", "failed", "skipped")
ALIGN = ("left", "left", "right", "right", "right")


def table(rows: Iterable[Evidence]) -> Iterator[tuple[str, str, int, int, int]]:
    """The rows of a table under `HEADERS`: spec, verdict, and how many tests passed, failed and were skipped."""
    for row in rows:
        yield row.spec, row.verdict, len(row.passed), len(row.failed), len(row.skipped)

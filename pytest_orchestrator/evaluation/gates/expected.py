"""Expectations: the results that a person has approved, in files short enough to review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pytest_orchestrator.codec.decode import Limit, encode, read_yaml
from pytest_orchestrator.codec.yaml import dump_yaml
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.evaluation.outcome import GateResult, Observation, RejectedFile
from pytest_orchestrator.files import read_text, write_atomic
from pytest_orchestrator.fixture_store.pin import Pin

UPDATE_FIX = "review the diff; if it is right, run: pytest --evaluate --update-expected"

_MAX_BYTES = 4 << 20
_MAX_DIFFERENCES = 20
_TREE = Limit(pattern="^[0-9a-f]{40}$")


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """`evaluation/expected/<scenario>/<pattern>@<fixture>.yaml`. Written by `--update-expected`, read by people."""

    schema: Literal["pytest-orchestrator/expectation/1"]
    fixture: str
    """Name and version, for the reader."""
    before: Annotated[str, _TREE]
    """The pin's git tree."""
    after: Annotated[str, _TREE]
    """The git tree after the case. The two trees determine every changed byte."""
    examined: Annotated[int, Limit(minimum=0)]
    total: str
    """Lines and diagnostics in all, for the reader."""
    edits: Mapping[str, str] = field(default_factory=dict)
    """Changed files, each with its lines as `+added -removed`."""
    diagnostics: Mapping[str, int] = field(default_factory=dict)
    """Files with diagnostics, each with their number."""
    diagnostics_sha256: str = ""
    """SHA-256 over path, line, column, rule and message of all diagnostics."""
    rejected: Mapping[str, str] = field(default_factory=dict)
    """Files that were not changed, each with the reason."""


def expect(pin: Pin, seen: Observation) -> Expectation:
    """The expectation that this observation meets."""
    return Expectation(
        schema="pytest-orchestrator/expectation/1",
        fixture=str(pin),
        before=pin.tree,
        after=seen.tree,
        examined=seen.examined,
        total=_total(seen),
        edits={edit.path: f"+{edit.added} -{edit.removed}" for edit in seen.edits},
        diagnostics={item.path: item.count for item in seen.diagnostics},
        diagnostics_sha256=seen.diagnostics_sha256,
        rejected=_rejections(seen.rejected),
    )


def check_expected(expected: Expectation | None, found: Expectation, *, display_path: str) -> GateResult:
    """The gate `expected`: the result is the approved one. `display_path` is the name of the expectation's file."""
    if expected is None:
        return GateResult(gate="expected", problems=(f"{display_path} does not exist: {UPDATE_FIX}",))
    differences = compare(expected, found)
    if not differences:
        return GateResult(gate="expected")
    return GateResult(gate="expected", problems=(*differences, f"{display_path} differs: {UPDATE_FIX}"))


def compare(expected: Expectation, found: Expectation) -> tuple[str, ...]:
    """The differences as text, at most 20; empty when the results agree."""
    if (expected.fixture, expected.before) != (found.fixture, found.before):
        return (f"it was approved for another version of the fixture: {expected.fixture}, now {found.fixture}",)
    differences = [
        *_compare_maps(expected.edits, found.edits, "not edited"),
        *_compare_maps(expected.diagnostics, found.diagnostics, "no diagnostics"),
        *_compare_maps(expected.rejected, found.rejected, "not rejected"),
    ]
    if expected.examined != found.examined:
        differences.append(f"files examined: expected {expected.examined}, found {found.examined}")
    if not differences and expected.after != found.after:
        differences.append("the same files have as many changed lines as expected, but different ones")
    if not differences and expected.diagnostics_sha256 != found.diagnostics_sha256:
        differences.append("the same files have as many diagnostics as expected, but different ones")
    more = len(differences) - _MAX_DIFFERENCES
    return (*differences[:_MAX_DIFFERENCES], *([f"... and {more} more differences"] if more > 0 else []))


def load_expectation(path: Path, *, display_path: str) -> Expectation | None:
    """The expectation in a file, None when there is no such file.

    Raises:
        InputError: it is malformed; with file and line.
    """
    if not path.exists():
        return None
    text = read_text(path, max_bytes=_MAX_BYTES, display_path=display_path)
    return read_yaml(Expectation, text, path=display_path)


def write_expectation(path: Path, expectation: Expectation, *, display_path: str) -> None:
    """Write an expectation for people to review.

    Raises:
        InputError: the file can't be written.
    """
    data = {key: value for key, value in encode(expectation).items() if value not in ({}, "")}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, dump_yaml(data).encode())
    except OSError as error:
        raise InputError(f"can't be written: {error.strerror or error}", path=display_path) from error


def _total(seen: Observation) -> str:
    parts = []
    if seen.edits:
        parts.append(f"+{seen.added} -{seen.removed} in {_files(len(seen.edits))}")
    if seen.found:
        plural = "" if seen.found == 1 else "s"
        parts.append(f"{seen.found} diagnostic{plural} in {_files(len(seen.diagnostics))}")
    if seen.rejected:
        parts.append(f"{_files(len(_rejections(seen.rejected)))} rejected")
    return ", ".join(parts) or "nothing"


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"


def _rejections(rejected: tuple[RejectedFile, ...]) -> Mapping[str, str]:
    reasons: dict[str, list[str]] = {}
    for item in rejected:
        reasons.setdefault(item.path, []).append(f"{item.reason} ({item.pattern})" if item.pattern else item.reason)
    return {path: ", ".join(words) for path, words in reasons.items()}


def _compare_maps(expected: Mapping[str, object], found: Mapping[str, object], absent: str) -> list[str]:
    return [
        f"{path}: expected {expected.get(path, absent)}, found {found.get(path, absent)}"
        for path in sorted(expected.keys() | found.keys())
        if expected.get(path) != found.get(path)
    ]

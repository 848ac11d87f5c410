"""A pattern's cases: folders with a file before and after, or with the diagnostics that a linter must report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

from pytest_orchestrator.codec.decode import Limit, read_yaml
from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.diagnostics import Range
from pytest_orchestrator.errors import InputError, OrchestratorError, PatternError
from pytest_orchestrator.files import read_limited, read_text
from pytest_orchestrator.pattern_engine.library.variants import VARIANTS
from pytest_orchestrator.pattern_engine.pattern import Kind, Pattern, Scalar, bind

_MAX_BYTES = 1 << 20
_FILES: Mapping[Kind, tuple[str, ...]] = {
    "codemod": ("before.py", "after.py", "parameters.yaml"),
    "linter": ("before.py", "expect.yaml", "parameters.yaml"),
    "template": ("after.md", "parameters.yaml"),
}
_REQUIRED: Mapping[Kind, str] = {"codemod": "before.py", "linter": "before.py", "template": "after.md"}
_PARAMETERS = cast("type[Mapping[str, Any]]", Mapping[str, Scalar])
_T = TypeVar("_T")

MALFORMED = "well-formed"
COMPLETE = "complete"


@dataclass(frozen=True, kw_only=True)
class ExpectedDiagnostic:
    """What a linter must report: lines and columns are 1-based, columns count characters, the end is exclusive."""

    line: Annotated[int, Limit(minimum=1)]
    column: Annotated[int, Limit(minimum=1)]
    end_line: Annotated[int, Limit(minimum=1)]
    end_column: Annotated[int, Limit(minimum=1)]
    message: str | None = None
    """The exact text; absent if any text will do."""

    def range(self, *, shift: int = 0) -> Range:
        """The range in a file that has `shift` more lines at the top."""
        return Range(
            start_line=self.line + shift,
            start_column=self.column,
            end_line=self.end_line + shift,
            end_column=self.end_column,
        )


@dataclass(frozen=True, kw_only=True)
class ExpectedDiagnostics:
    """`expect.yaml`: everything that a linter must report about a case's `before.py`, in any order."""

    diagnostics: tuple[ExpectedDiagnostic, ...]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case of a pattern. If its folder is malformed, it has a `problem` and nothing else."""

    name: str
    folder: Path
    before: bytes = b""
    after: bytes = b""
    """The expected result: `before` itself if nothing may change."""
    expected: tuple[ExpectedDiagnostic, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    problem: OrchestratorError | None = None


def load_cases(pattern: Pattern) -> tuple[Case, ...]:
    """The cases in the pattern's folder, by name. A malformed case fails its check."""
    root = (pattern.folder or Path()) / "cases"
    if pattern.folder is None or not root.is_dir():
        return ()
    return tuple(_load_case(pattern, folder) for folder in sorted(root.iterdir()) if not _is_ignored(folder))


def checks(pattern: Pattern, case: Case) -> tuple[str, ...]:
    """The names of the checks that the case goes through."""
    if case.problem is not None:
        return (MALFORMED,)
    if pattern.kind == "template":
        return ("output",)
    fitting = tuple(
        name
        for name, variant in VARIANTS.items()
        if variant.applies(case.before) and (case.after == case.before or variant.applies(case.after))
    )
    own = ("output", "idempotent", "parses") if pattern.kind == "codemod" else ("output",)
    return (*own, *fitting)


def _load_case(pattern: Pattern, folder: Path) -> Case:
    try:
        return _read_case(pattern, folder)
    except OrchestratorError as problem:
        return Case(name=folder.name, folder=folder, problem=problem)


def _read_case(pattern: Pattern, folder: Path) -> Case:
    display_path = f"cases/{folder.name}"
    if not folder.is_dir():
        raise InputError("is not a folder", path=display_path, fix="each case is a folder that contains before.py")
    for path in sorted(folder.iterdir()):
        if path.name not in _FILES[pattern.kind] and not _is_ignored(path):
            known = did_you_mean(path.name, _FILES[pattern.kind])
            raise InputError(
                f"does not belong in a case of a {pattern.kind}: {known}", path=f"{display_path}/{path.name}"
            )
    required = _REQUIRED[pattern.kind]
    if not (folder / required).is_file():
        raise InputError(f"lacks {required}", path=display_path, fix=f"add {required}")
    parameters = _read_yaml(_PARAMETERS, folder / "parameters.yaml", display_path) or {}
    try:
        bind(pattern, parameters)
    except PatternError as error:
        raise InputError(error.message, path=f"{display_path}/parameters.yaml", fix=error.fix) from error
    if pattern.kind == "template":
        return Case(
            name=folder.name, folder=folder, after=_read(folder / "after.md", display_path), parameters=parameters
        )
    before = _read(folder / "before.py", display_path)
    after = _read(folder / "after.py", display_path) if (folder / "after.py").is_file() else before
    if after == before and (folder / "after.py").is_file():
        raise InputError(
            "is the same as before.py",
            path=f"{display_path}/after.py",
            fix="remove it; a case without after.py must stay unchanged",
        )
    expected = _read_yaml(ExpectedDiagnostics, folder / "expect.yaml", display_path)
    return Case(
        name=folder.name,
        folder=folder,
        before=before,
        after=after,
        expected=() if expected is None else expected.diagnostics,
        parameters=parameters,
    )


def _read(path: Path, display_path: str) -> bytes:
    return read_limited(path, max_bytes=_MAX_BYTES, display_path=f"{display_path}/{path.name}")


def _read_yaml(kind: type[_T], path: Path, display_path: str) -> _T | None:
    """The value in a case's file; None if there is no such file."""
    if not path.is_file():
        return None
    name = f"{display_path}/{path.name}"
    return read_yaml(kind, read_text(path, max_bytes=_MAX_BYTES, display_path=name), path=name)


def _is_ignored(path: Path) -> bool:
    return path.name.startswith(".") or path.name == "__pycache__"

"""Which patterns write what the oldest Python of a project can run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pytest_orchestrator.pattern_engine.library.declared_python import OldestPython, PackagingFiles, Version
from pytest_orchestrator.pattern_engine.pattern import Pattern, PatternCall

# The oldest Python that its developers support: what files are for if nothing says it.
OLDEST_SUPPORTED: Version = (3, 11)
_ANY: Version = (0, 0)


@dataclass(frozen=True, kw_only=True)
class FittingCalls:
    """Files, and the calls whose results the oldest Python of these files can run."""

    calls: tuple[PatternCall, ...]
    files: tuple[str, ...]


def oldest_python(folder: Path) -> OldestPython:
    """The oldest Python that the files in `folder` are for.

    Raises:
        InputError: as `PackagingFiles.oldest_python`.
    """
    return PackagingFiles(folder).oldest_python(folder)


def split_by_python(patterns: Sequence[Pattern], oldest: OldestPython) -> tuple[list[Pattern], list[Pattern]]:
    """The patterns whose output the oldest Python can run, and the others."""
    fit = [pattern for pattern in patterns if _version(pattern) <= (oldest.version or OLDEST_SUPPORTED)]
    return fit, [pattern for pattern in patterns if pattern not in fit]


def too_new_for(pattern: Pattern, oldest: OldestPython) -> str:
    """A clause that says why files can't be changed by the pattern."""
    if oldest.version is None:
        reason = f"nothing says which Python the files are for: {_dotted(OLDEST_SUPPORTED)} is assumed"
    else:
        reason = f"{oldest.source} allows {_dotted(oldest.version)}"
    return f"it writes Python {pattern.minimum_python}, and {reason}"


def fit_calls(
    root: Path, files: Sequence[str], calls: Sequence[PatternCall]
) -> tuple[Sequence[FittingCalls], Sequence[str]]:
    """The calls for each of the files, which are relative to `root`; and a line for each codemod that is skipped.

    Raises:
        InputError: as `PackagingFiles.oldest_python`.
    """
    if not files or all(_version(call.pattern) == _ANY for call in calls):
        return [FittingCalls(calls=tuple(calls), files=tuple(files))], []
    packaging = PackagingFiles(root)
    oldest_in = cache(lambda folder: packaging.oldest_python(root / folder))
    by_oldest: dict[OldestPython, list[str]] = {}
    for file in files:
        by_oldest.setdefault(oldest_in(file.rpartition("/")[0]), []).append(file)
    by_calls: dict[tuple[str, ...], list[str]] = {}
    skipped: list[str] = []
    for oldest, found in by_oldest.items():
        fit, too_new = split_by_python([call.pattern for call in calls], oldest)
        by_calls.setdefault(tuple(pattern.id for pattern in fit), []).extend(found)
        where = f" in {len(found)} of {len(files)} files" if len(by_oldest) > 1 else ""
        skipped += [f"skipped {pattern.id}{where}: {too_new_for(pattern, oldest)}" for pattern in too_new]
    groups = [
        FittingCalls(calls=tuple(call for call in calls if call.pattern.id in ids), files=tuple(sorted(found)))
        for ids, found in by_calls.items()
        if ids
    ]
    return groups, skipped


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))


def _version(pattern: Pattern) -> Version:
    if pattern.kind != "codemod" or not pattern.minimum_python:  # a foreign command declares none
        return _ANY
    major, minor = pattern.minimum_python.split(".")
    return int(major), int(minor)

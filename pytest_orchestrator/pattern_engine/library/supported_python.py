"""The oldest Python that a project supports, as its `requires-python` says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pytest_orchestrator.config import PROJECT_FILE, read_project_file
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.pattern_engine.pattern import Pattern

_KEY = ("project", "requires-python")
_KNOWN = ((2, 7), *((3, minor) for minor in range(40)))

Version = tuple[int, int]


def oldest_python(root: Path) -> Version | None:
    """The oldest version that the project in `root` admits; None if it declares none.

    Raises:
        InputError: `pyproject.toml` is not TOML, or `requires-python` in it no version specifier (PEP 440).
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    project = read_project_file(root)
    declared = project.under(*_KEY)
    if declared is None:
        return None
    try:
        admitted = SpecifierSet(str(declared))
    except InvalidSpecifier as error:
        raise InputError(
            f"requires-python: {declared!r} is not a version specifier",
            path=PROJECT_FILE,
            line=project.line(*_KEY),
            fix='write one such as ">=3.11"',
        ) from error
    for major, minor in _KNOWN:
        if any(f"{major}.{minor}.{patch}" in admitted for patch in (0, 99)):
            return major, minor
    return None


def split_by_python(patterns: Sequence[Pattern], oldest: Version | None) -> tuple[list[Pattern], list[Pattern]]:
    """The patterns whose output the oldest supported Python can run, and the others."""
    fit = [pattern for pattern in patterns if oldest is None or _version(pattern) <= oldest]
    return fit, [pattern for pattern in patterns if pattern not in fit]


def too_new_for(pattern: Pattern, oldest: Version | None) -> str:
    """A clause that says why the project can't use the pattern's output."""
    admitted = ".".join(map(str, oldest or ()))
    return f"it writes Python {pattern.minimum_python}, and requires-python in {PROJECT_FILE} allows {admitted}"


def _version(pattern: Pattern) -> Version:
    if not pattern.minimum_python:  # a foreign command declares none
        return 0, 0
    major, minor = pattern.minimum_python.split(".")
    return int(major), int(minor)

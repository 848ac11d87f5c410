"""Checks of a project's settings that a schema cannot express."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from pathlib import Path

from pytest_orchestrator.config import PROJECT_FILE, SpecGuardSettings, setting_line
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.spec_guard.coverage import globs

_FILES = ("reviews", "overrides", "approvers", "index")


def check_policy(root: Path, settings: SpecGuardSettings, rule_ids: Iterable[str]) -> None:
    """Raises `InputError`, with the line in `pyproject.toml`, when a severity is set for an unknown rule, a glob of
    `code` is invalid, or a ledger lies outside the project."""
    known = tuple(rule_ids)
    for name in settings.severity:
        if name not in known:
            from pytest_orchestrator.codec.suggest import did_you_mean

            message = f"names the unknown rule {name!r}: {did_you_mean(name, known)}"
            raise _wrong(root, ("severity", name), message, fix="remove the line or correct the rule's id")
    for glob in settings.code:
        if problem := globs.problem(glob):
            raise _wrong(root, ("code",), f"{glob!r} {problem}", fix="correct the glob")
    for key in _FILES:
        path = getattr(settings, key)
        normal = posixpath.normpath(path)
        if not path.strip() or "\0" in path or posixpath.isabs(normal) or normal.split("/")[0] in ("..", "."):
            raise _wrong(root, (key,), f"{path!r} is not a file in the project", fix="name it relative to the project")


def _wrong(root: Path, key: tuple[str, ...], message: str, *, fix: str) -> InputError:
    line = setting_line(root, "spec_guard", *key)
    return InputError(f"tool.pytest_orchestrator.spec_guard.{key[0]}: {message}", path=PROJECT_FILE, line=line, fix=fix)

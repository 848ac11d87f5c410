"""What a person typed, as opposed to what the settings of a project or its conftest files say."""

from __future__ import annotations

import os
import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from pytest_orchestrator.errors import GitError
from pytest_orchestrator.spec_guard.change.pytest_settings import ENDING, PytestSettings, guard_options, read_settings
from pytest_orchestrator.spec_guard.change.scope import Scope
from pytest_orchestrator.spec_guard.project import Project

SENT = "spec_guard_typed"
"""What the controller of xdist sends its workers: the typed words."""
# Options that keep items from running in a run that passes, and those that only end or narrow it.
_DROPPING = (
    *("--deselect", "--lf", "--last-failed", "--sw", "--stepwise", "--stepwise-skip", "--sw-skip"),
    *("--co", "--collect-only", "--collectonly", "--setup-plan", "--setup-only"),
)
_NARROWING = (*_DROPPING, "-x", "--exitfirst", "--maxfail", "--ignore", "--ignore-glob")
# The same ones by the names of their values.
_PARTS = ("keyword", "markexpr", "lf", "deselect", "stepwise", "ignore", "ignore_glob", "maxfail")


@dataclass(frozen=True, kw_only=True)
class GuardOptions:
    """The options of the spec guard that count."""

    base: str | None
    scope: Scope | None
    max_age: int | None
    today: str | None
    dry_run: bool


def typed_words(config: pytest.Config) -> tuple[str, ...]:
    """The words of the command line and of `PYTEST_ADDOPTS`, which a change can't bring."""
    sent: Mapping[str, Any] = getattr(config, "workerinput", {})
    if SENT in sent:  # xdist's workers don't see the command line
        return tuple(sent[SENT])
    words = [*shlex.split(os.environ.get("PYTEST_ADDOPTS", "")), *map(str, config.invocation_params.args)]
    return (*words, *_overridden(words))


def typed_arguments(config: pytest.Config, words: Collection[str]) -> frozenset[str]:
    """The files, folders and node ids that a person typed; those in `addopts` are not among them."""
    named = config.args_source is pytest.Config.ArgsSource.ARGS
    return frozenset(config.args) & frozenset(words) if named else frozenset()


def drops_items(words: Sequence[str]) -> bool:
    """Whether these words leave out some of the items that pytest collects."""
    return _has(words, _DROPPING)


def refuse_untyped_ends(config: pytest.Config, words: Sequence[str]) -> None:
    """Raises `pytest.UsageError` where an option with which no test runs comes from pytest's settings."""
    for name, spellings in ENDING.items():
        typed = any(word.partition("=")[0] in spellings for word in words)
        if getattr(config.option, name, None) and not typed and not (name == "help" and _has_short(words, "h")):
            raise pytest.UsageError(
                f"nobody typed {spellings[0]}, with which no spec is judged: remove it from addopts"
            )


def _has_short(words: Iterable[str], letter: str) -> bool:
    return any(word[:1] == "-" != word[1:2] and letter in word for word in words)


def is_whole(config: pytest.Config, project: Project, words: Sequence[str]) -> bool:
    """Whether neither what a person typed nor pytest's settings at the base restrict the run to a part of the tests."""
    if typed_arguments(config, words):
        return False
    if not any(getattr(config.option, name, None) for name in _PARTS):
        return True
    return not _has(words, _NARROWING) and not _has(_at_base(project).words, _NARROWING)


def _has(words: Iterable[str], options: Collection[str]) -> bool:
    return any(word.partition("=")[0] in options or word[:2] in ("-k", "-m") for word in words)


def guard_options_that_count(config: pytest.Config, project: Project, words: tuple[str, ...]) -> GuardOptions:
    """The options that a person typed, or that pytest's settings at the base hold.

    Those that the change brings don't count: SG021 reports them. `project` is compared with the default base, or with
    the typed one.

    Raises:
        pytest.UsageError: an option comes from elsewhere, for example from a conftest.
    """
    option = config.option
    values: dict[str, Any] = {
        "--spec-guard-base": option.spec_guard_base,
        "--spec-guard-scope": option.spec_guard_scope,
        "--spec-guard-max-age": option.spec_guard_max_age,
        "--spec-guard-today": option.spec_guard_today,
        "--spec-guard-dry-run": option.spec_guard_dry_run or None,
    }
    allowed = guard_options(words)
    given = [name for name, value in values.items() if value is not None and name not in allowed]
    if given:
        allowed = {**allowed, **_at_base(project).options()}
        brought = read_settings(lambda name: _present(project, name)).options()
        for name in given:
            if name not in brought:
                raise pytest.UsageError(f"{name} is set, but nobody typed it and pytest's settings do not hold it")
    counting = {name: value if name in allowed else None for name, value in values.items()}
    return GuardOptions(
        base=counting["--spec-guard-base"],
        scope=counting["--spec-guard-scope"],
        max_age=counting["--spec-guard-max-age"],
        today=counting["--spec-guard-today"],
        dry_run=bool(counting["--spec-guard-dry-run"]),
    )


def _at_base(project: Project) -> PytestSettings:
    try:
        comparison = project.comparison
    except GitError:  # the repository's item reports it
        return PytestSettings()
    if comparison.base.commit is None:
        return read_settings(lambda name: _present(project, name))
    return read_settings(lambda name: comparison.at_base(f"{project.pytest_folder}{name}"))


def _present(project: Project, name: str) -> bytes | None:
    path = project.root / f"{project.pytest_folder}{name}"
    return path.read_bytes() if path.is_file() else None


def _overridden(words: list[str]) -> Iterator[str]:
    """The words of `addopts` in `-o addopts=...`."""
    for word, after in zip(words, (*words[1:], ""), strict=False):
        value = after if word in ("-o", "--override-ini") else word.removeprefix("--override-ini=")
        value = value.removeprefix("-o")
        if value.startswith("addopts="):
            yield from shlex.split(value.removeprefix("addopts="))

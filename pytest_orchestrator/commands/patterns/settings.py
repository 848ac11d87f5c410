"""Which patterns run on which files: the words of the call, and the settings nearest to each file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.commands.patterns.selection import NothingSelectedError, Runnable, bind_all, choose
from pytest_orchestrator.config import PROJECT_FILE, PatternSettings, pattern_settings
from pytest_orchestrator.display import relative_name
from pytest_orchestrator.errors import InputError, OrchestratorError
from pytest_orchestrator.glob_pattern import glob_pattern
from pytest_orchestrator.pattern_engine.library.library import Library
from pytest_orchestrator.pattern_engine.pattern import PatternCall

_VERSION = re.compile(r"3\.\d{1,2}")


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Files, relative to the workspace, and the patterns to run on them, at least one."""

    files: tuple[str, ...]
    calls: tuple[PatternCall, ...]
    target_python: str = ""
    """The oldest Python that the files are for; empty: what the packaging files say."""


Assign = Callable[[Sequence[str]], Sequence[Assignment]]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the call asks for. `parameters` are of the form `ID.NAME=VALUE`."""

    kind: Runnable
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    unsafe: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class SettingsSource:
    """Settings and where they are. `name` is that of their file in messages; empty for the defaults."""

    settings: PatternSettings
    folder: Path
    name: str


class SettingsFiles:
    """The settings of each file: those of the one file that is named, none, or the nearest with our table.

    `root` is what names in messages are relative to. The search ends where a git repository ends.

    Raises:
        InputError: the file `config` can't be read, or has no table for patterns.
    """

    def __init__(self, root: Path, *, config: Path | None = None, isolated: bool = False) -> None:
        self._root = root.resolve()
        self._fixed = None
        if isolated:
            self._fixed = SettingsSource(settings=PatternSettings(), folder=self._root, name="")
        elif config is not None:
            self._fixed = self._read(config)
            if self._fixed is None:
                raise InputError(
                    "has no table [tool.pytest_orchestrator.patterns]",
                    path=str(config),
                    fix="add it, name another file, or use --isolated",
                )
        self._nearest = cache(self._find)

    def of(self, folder: Path) -> SettingsSource:
        """The settings of files in a folder.

        Raises:
            InputError: a file can't be read, or a setting is unknown or of the wrong shape.
        """
        return self._fixed or self._nearest(folder.resolve())

    def _find(self, folder: Path) -> SettingsSource:
        file = folder / PROJECT_FILE
        found = self._read(file) if file.is_file() else None
        if found is not None:
            return found
        if (folder / ".git").exists() or folder == folder.parent:
            return SettingsSource(settings=PatternSettings(), folder=folder, name="")
        return self._nearest(folder.parent)

    def _read(self, file: Path) -> SettingsSource | None:
        name = relative_name(file.resolve(), self._root)
        settings = pattern_settings(file, shown=name)
        if settings is None:
            return None
        if settings.target_python and not _VERSION.fullmatch(settings.target_python):
            raise InputError(
                f"patterns.target_python: {settings.target_python!r} is not a version",
                path=name,
                fix='write it like target_python = "3.11"',
            )
        return SettingsSource(settings=settings, folder=file.resolve().parent, name=name)


Choose = Callable[[SettingsSource], Sequence[PatternCall]]
"""The calls for the files that settings are for, before any of these files' own exceptions."""


def chosen_by(library: Library, wanted: Wanted) -> Choose:
    """What a call asks for by words, completed by the settings."""

    def choose_calls(source: SettingsSource) -> Sequence[PatternCall]:
        settings = source.settings
        patterns = choose(
            library,
            wanted.kind,
            select=wanted.select or _of_kind(library, wanted.kind, settings.select, source),
            ignore=(*_of_kind(library, wanted.kind, settings.ignore, source), *wanted.ignore),
            unsafe=wanted.unsafe or settings.unsafe,
        )
        return bind_all(patterns, wanted.parameters, settings)

    return choose_calls


def assigned(library: Library, choose_calls: Choose, sources: SettingsFiles, root: Path) -> Assign:
    """The calls for each file below `root`, as the settings nearest to it say. Cases of patterns get none."""
    root = root.resolve()
    cases = tuple(
        f"{relative_name(pattern.folder.resolve(), root)}/cases/"
        for pattern in library.patterns
        if pattern.folder is not None and pattern.folder.resolve().is_relative_to(root)
    )

    def assign(files: Sequence[str]) -> Sequence[Assignment]:
        by_source: dict[SettingsSource, list[str]] = {}
        source_of = cache(lambda folder: sources.of(root / folder))
        for file in files:
            if not file.startswith(cases):
                by_source.setdefault(source_of(file.rpartition("/")[0]), []).append(file)
        if not by_source:  # the words are checked even if there is nothing to run on
            by_source[sources.of(root)] = []
        made, nothing = list[Assignment](), None
        for source, found in by_source.items():
            try:
                made += _assign(library, choose_calls(source), source, found, root)
            except NothingSelectedError as error:  # the settings of other files may select something
                nothing = error
        if not made and nothing is not None:
            raise nothing
        return made

    return assign


def _assign(
    library: Library, calls: Sequence[PatternCall], source: SettingsSource, files: Sequence[str], root: Path
) -> Sequence[Assignment]:
    """The files by the patterns that run on them."""
    settings = source.settings
    known = [pattern.id for pattern in library.patterns]
    for id_ in settings.parameters:
        if id_ not in known:
            raise InputError(
                f"patterns.parameters: there is no pattern {id_!r}: {did_you_mean(id_, known)}", path=source.name
            )
    excluded = [_glob(glob, "exclude", source) for glob in settings.exclude]
    ignores = [
        (_glob(glob, "per_file_ignores", source), _ids(library, words, source))
        for glob, words in settings.per_file_ignores.items()
    ]
    by_ignored: dict[frozenset[str], list[str]] = {}
    for file in files:
        path = relative_name(root / file, source.folder)
        if not any(pattern.match(path) for pattern in excluded):
            ignored = frozenset(id_ for pattern, ids in ignores if pattern.match(path) for id_ in ids)
            by_ignored.setdefault(ignored, []).append(file)
    made = (
        Assignment(
            files=tuple(found),
            calls=tuple(call for call in calls if call.pattern.id not in ignored),
            target_python=settings.target_python,
        )
        for ignored, found in (by_ignored or {frozenset[str](): list[str]()}).items()
    )
    return [item for item in made if item.calls]


def _of_kind(library: Library, kind: Runnable, words: Sequence[str], source: SettingsSource) -> tuple[str, ...]:
    """The words of a setting that name patterns of a kind; those for the other kind are meant for the other verb."""
    other: Runnable = "linter" if kind == "codemod" else "codemod"
    fitting = []
    for word in words:
        try:
            choose(library, kind, select=[word], ignore=(), unsafe=True)
        except OrchestratorError as error:
            try:
                choose(library, other, select=[word], ignore=(), unsafe=True)
            except OrchestratorError:
                raise InputError(f"[tool.pytest_orchestrator.patterns]: {error.message}", path=source.name) from error
        else:
            fitting.append(word)
    if words and not fitting and words is source.settings.select:
        raise NothingSelectedError(
            f"the settings in {source.name} select no {kind}", fix="name one with --select, or add one to the settings"
        )
    return tuple(fitting)


def _ids(library: Library, words: Sequence[str], source: SettingsSource) -> frozenset[str]:
    """The patterns of either kind that the words name."""
    kinds: tuple[Runnable, ...] = ("codemod", "linter")
    named = ((kind, _of_kind(library, kind, words, source)) for kind in kinds)
    return frozenset(
        item.id
        for kind, found in named
        if found
        for item in choose(library, kind, select=found, ignore=(), unsafe=True)
    )


def _glob(glob: str, key: str, source: SettingsSource) -> re.Pattern[str]:
    """The glob as an expression; a folder's name stands for all that is in it."""
    try:
        return glob_pattern(glob, below=True)
    except re.error as error:
        raise InputError(
            f"patterns.{key}: {glob!r} is not a glob: {error}", path=source.name, fix="correct it"
        ) from error

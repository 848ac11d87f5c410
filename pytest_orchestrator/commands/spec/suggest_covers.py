"""`spec suggest-covers`: finds the code that specs may govern, and how often such suggestions are right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pytest_orchestrator.commands.spec.spec_paths import git_paths
from pytest_orchestrator.display import printable
from pytest_orchestrator.errors import UsageError
from pytest_orchestrator.files import read_limited, write_inside
from pytest_orchestrator.spec_guard.coverage import globs
from pytest_orchestrator.spec_guard.coverage.anchors import anchor_problem
from pytest_orchestrator.spec_guard.coverage.suggestions import (
    CodeIndex,
    Suggestion,
    Together,
    index_code,
    is_code,
    suggest,
)
from pytest_orchestrator.spec_guard.document.covers import with_covers
from pytest_orchestrator.spec_guard.document.spec import MAX_BYTES, SpecDocument
from pytest_orchestrator.spec_guard.project import Project

_MAX_TOUCHES = 25
_MAX_CODE_BYTES = 1 << 20
_MARKER = re.compile(r"\bmark\.spec\(([^()]*)\)")
_TEST_NAME = re.compile(r"(?:test_.*|conftest\.py|.*[._-](?:test|spec)\.\w+)\Z")
_QUOTED = re.compile(r"[\"']([^\"']+)[\"']")
_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(\(?[^#\n]*)|import[ \t]+([\w.]+))", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class SuggestedCovers:
    """The suggestions for one spec, the best first."""

    path: str
    spec: str
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, kw_only=True)
class Precision:
    """What the suggestions for specs that have `covers` would have been without it. Files are counted."""

    specs: int
    """How many specs have `covers` that match something."""
    suggested: int
    right: int
    """How many of the suggested files the specs cover."""
    covered: int
    """How many files the specs cover."""


def suggest_covers(project: Project, patterns: Sequence[str] = ()) -> tuple[SuggestedCovers, ...]:
    """The suggestions for the specs that any of `patterns` matches, or for all: those that they don't cover yet.

    Specs that are retired or can't be read get none.

    Raises:
        GitError: git can't tell the files or the history.
        UsageError: there is no spec, or a pattern matches none.
    """
    git_paths(project)
    found: list[SuggestedCovers] = []
    for spec, every in _suggestions(project, _chosen(project, patterns)):
        covered = _covered(project, spec)
        new = tuple(item for item in every if not covered.issuperset(item.files))
        if new:
            found.append(SuggestedCovers(path=spec.path, spec=spec.id or "", suggestions=new))
    return tuple(found)


def unread_specs(project: Project, patterns: Sequence[str] = ()) -> tuple[str, ...]:
    """The paths of the specs that can't be read, of those that any of `patterns` matches, or of all."""
    return tuple(spec.path for spec in _chosen(project, patterns) if spec.declaration is None)


def measure(project: Project) -> Precision:
    """How right the suggestions are for the specs that have `covers`. Raises as `git_paths` does."""
    git_paths(project)
    covered = {spec.path: _covered(project, spec) for spec in project.specs if spec.in_force}
    suggested = right = 0
    for spec, every in _suggestions(project, [spec for spec in project.specs if covered.get(spec.path)]):
        files = {file for item in every for file in item.files}
        suggested += len(files)
        right += len(covered[spec.path].intersection(files))
    return Precision(
        specs=sum(map(bool, covered.values())),
        suggested=suggested,
        right=right,
        covered=sum(len(files) for files in covered.values()),
    )


def write_covers(project: Project, found: Sequence[SuggestedCovers]) -> None:
    """Add the suggestions to the front matter of the specs. When one can't be edited, none is written.

    Raises:
        InputError: the front matter of a spec can't be edited.
        RunError: a spec can't be written.
    """
    written: dict[str, bytes] = {}
    for item in found:
        data = read_limited(project.root / item.path, max_bytes=MAX_BYTES, display_path=item.path)
        written[item.path] = with_covers(
            data, [each.entry for each in item.suggestions], path=item.path, reading=project.reading
        )
    for path, data in written.items():
        write_inside(project.root, path, data)


def _chosen(project: Project, patterns: Sequence[str]) -> tuple[SpecDocument, ...]:
    for pattern in patterns:
        if not any(globs.matches(spec.path, (pattern,)) for spec in project.specs):
            raise UsageError(f"{pattern} is not a spec", fix="name specs, folders of specs, or globs of them")
    return tuple(spec for spec in project.specs if not patterns or globs.matches(spec.path, patterns))


def _suggestions(
    project: Project, specs: Sequence[SpecDocument]
) -> Iterator[tuple[SpecDocument, tuple[Suggestion, ...]]]:
    texts = _code(project)
    tests = {path: text for path, text in texts.items() if _is_test(path)}
    index = index_code({path: text for path, text in texts.items() if path not in tests})
    tested = _tested(tests, index)
    for spec in specs:
        if spec.in_force:
            together = tuple(_together(project, spec))
            yield spec, suggest(spec.id or "", spec.body, index, together=together, tested=tested.get(spec.id or ""))


def _code(project: Project) -> dict[str, str]:
    """The text of each code file: those of the setting `code`, or else all files that are code by their name.

    A file whose name no entry of `covers` can spell is left out.
    """
    wanted = project.settings.code
    found: dict[str, str] = {}
    for path in project.tree.tracked():
        if (globs.matches(path, wanted) if wanted else is_code(path)) and _can_be_entry(path):
            data = project.snapshot.read(path)
            if data is not None and len(data) <= _MAX_CODE_BYTES and b"\0" not in data:
                found[path] = data.decode("utf-8", "replace")
    return found


def _can_be_entry(path: str) -> bool:
    return printable(path) == path and anchor_problem(path) is None and globs.matches(path, (path,))


def _is_test(path: str) -> bool:
    *folders, name = path.split("/")
    return "tests" in folders or "test" in folders or _TEST_NAME.match(name) is not None


def _together(project: Project, spec: SpecDocument) -> Iterator[Together]:
    """The files that changed with the spec, in commits that change few files."""
    history = project.history
    positions = dict.fromkeys(version.position for _, version in history.lineage(spec.path))
    commits = [commit for commit in map(history.commits.__getitem__, positions) if len(commit.touches) <= _MAX_TOUCHES]
    counts = Counter(touch.path for commit in commits for touch in commit.touches)
    for path, count in counts.items():
        yield Together(file=path, commits=count, of_spec=len(commits), of_file=len(history.versions(path)))


def _tested(tests: Mapping[str, str], index: CodeIndex) -> dict[str, dict[str, str]]:
    """By the id of each spec that tests are marked with: the files that these tests import, each with a test."""
    found: dict[str, dict[str, str]] = {}
    for path, text in tests.items():
        ids = {name for inside in _MARKER.findall(text) for name in _QUOTED.findall(inside)}
        imported = tuple(_imported(text, index)) if ids else ()
        for name in ids:
            for file in imported:
                found.setdefault(name, {}).setdefault(file, path)
    return found


def _imported(text: str, index: CodeIndex) -> Iterator[str]:
    for origin, names, module in _IMPORT.findall(text):
        dotted = [f"{origin}.{name}" for name in re.findall(r"\w+", names)] if origin else [module]
        for name in dotted:
            yield from index.modules_of(name)


def _covered(project: Project, spec: SpecDocument) -> frozenset[str]:
    return frozenset(path for entry in spec.covers for path in project.snapshot.covered_files(entry))

"""Runs linters on one file: on slices of it where the trigger allows that, else on the whole file.

Both give the same findings. The whole file is used after an exception, and when a finding is outside of the slices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import libcst as cst
from libcst.helpers import ModuleNameAndPackage, calculate_module_and_package

from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.pattern_engine.results import Rejected
from pytest_orchestrator.pattern_engine.worker.exception_report import thrown
from pytest_orchestrator.pattern_engine.worker.linter import Finding
from pytest_orchestrator.pattern_engine.worker.running.source import Source, Text
from pytest_orchestrator.pattern_engine.worker.slicing.outline import WholeFileNeeded
from pytest_orchestrator.pattern_engine.worker.slicing.slices import Cut, SliceContext, cut, in_slice_context
from pytest_orchestrator.pattern_engine.worker.visiting.batched_visit import BatchedVisit
from pytest_orchestrator.pattern_engine.worker.visiting.construction import LoadedPattern
from pytest_orchestrator.pattern_engine.worker.visiting.metadata import Metadata, file_facts


class LintedText:
    """A file for these linters: their metadata is computed once, and the file is walked once.

    `root` is the folder that `text.path` is relative to.
    """

    def __init__(self, text: Text, patterns: Sequence[LoadedPattern], *, root: Path = Path("/")) -> None:
        self._text = text
        self._root = root
        self._on_slices = [pattern for pattern in patterns if pattern.trigger.within != "file"]
        self._on_all = [pattern for pattern in patterns if pattern.trigger.within == "file"]

    def lint(self, pattern: LoadedPattern) -> tuple[Diagnostic, ...] | Rejected:
        """What the linter finds, sorted by position."""
        if pattern.trigger.within != "file" and (findings := self._in_slices(pattern)) is not None:
            return diagnostics(pattern, self._text.path, findings)
        source = self._whole
        return source if isinstance(source, Rejected) else source.lint(pattern)

    @cached_property
    def _whole(self) -> LintedSource | Rejected:
        source = self._text.source
        return source if isinstance(source, Rejected) else LintedSource(source, self._on_all, root=self._root)

    @cached_property
    def _cut(self) -> Cut | None:
        """The slices that the linters' triggers match."""
        text = self._text
        triggers = [pattern.trigger for pattern in self._on_slices]
        return None if text.tree is None else cut(text.data, text.tree, text.outline, triggers)

    @cached_property
    def _slices(self) -> tuple[SliceContext, Metadata, BatchedVisit] | None:
        if self._cut is None:
            return None
        try:
            module = cst.parse_module(self._cut.text)
        except BaseException:  # LibCST validates too: `except:` before other handlers, for example
            return None
        metadata = Metadata(module)
        visit = BatchedVisit(metadata, [pattern.linter_class.watcher_class() for pattern in self._on_slices])
        return SliceContext(module=module, cut=self._cut, outline=self._text.outline), metadata, visit

    @cached_property
    def _is_faithful(self) -> bool:
        """Whether LibCST gives the slices back as they were; if not, positions in them are wrong."""
        try:
            return self._slices is not None and self._slices[0].module.code == self._slices[0].cut.text
        except (RecursionError, MemoryError):
            return False

    def _in_slices(self, pattern: LoadedPattern) -> Sequence[Finding] | None:
        """What the linter finds in the slices, with ranges of the file; None: run it on the whole file."""
        if self._cut is not None and not self._cut.slices:
            return ()
        if self._slices is None:
            return None
        context, metadata, visit = self._slices
        try:
            with in_slice_context(context):
                linter = pattern.linter()
                for watcher in linter.watchers():
                    visit.run(watcher)
            ranges = [(finding, context.cut.range_in_file(finding.range)) for finding in linter.reported(metadata)]
        except (Exception, WholeFileNeeded):
            return None
        found = [replace(finding, range=range_) for finding, range_ in ranges if range_ is not None]
        return sorted(found) if len(found) == len(ranges) and (not found or self._is_faithful) else None


class LintedSource:
    """A whole file for several linters: their metadata is computed once."""

    def __init__(self, source: Source, patterns: Sequence[LoadedPattern] = (), *, root: Path = Path("/")) -> None:
        """`patterns` are the linters that will run; `root` is the folder that `source.path` is relative to."""
        self._source = source
        self._metadata = Metadata(source.module, lambda: file_facts(root / source.path, _names(root, source.path)))
        self._visit = BatchedVisit(self._metadata, [pattern.linter_class.watcher_class() for pattern in patterns])

    def lint(self, pattern: LoadedPattern) -> tuple[Diagnostic, ...] | Rejected:
        """What the linter finds, sorted by position."""
        try:
            linter = pattern.linter()
            for watcher in linter.watchers():
                self._visit.run(watcher)
            findings = linter.reported(self._metadata)
        except BaseException as error:
            return self._source.unfaithful or thrown(error, self._source.path, pattern=pattern.id, home=pattern.home)
        if findings:
            vars(self._source).setdefault("code", self._metadata.code)  # written already, for the positions
            if self._source.unfaithful is not None:  # its positions would not be those of the file
                return self._source.unfaithful
        return diagnostics(pattern, self._source.path, findings)


def diagnostics(pattern: LoadedPattern, path: str, findings: Sequence[Finding]) -> tuple[Diagnostic, ...]:
    """A linter's findings as diagnostics of reports."""
    return tuple(
        Diagnostic(
            rule=pattern.id, severity="warning", message=item.message, path=path, range=item.range, edit=item.edit
        )
        for item in findings
    )


def _names(root: Path, path: str) -> ModuleNameAndPackage:
    return calculate_module_and_package(root, root / path)

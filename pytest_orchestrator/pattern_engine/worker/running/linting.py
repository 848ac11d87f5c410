"""Runs linters on one file: on slices of it where the trigger allows that, else on the whole file.

Both give the same findings. The whole file is used after an exception, and when a finding is outside of the slices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import libcst as cst
from libcst.helpers import calculate_module_and_package
from libcst.metadata import ProviderT

from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.pattern_engine.results import Rejected
from pytest_orchestrator.pattern_engine.worker.exception_report import thrown
from pytest_orchestrator.pattern_engine.worker.linter import Finding
from pytest_orchestrator.pattern_engine.worker.running.source import Text
from pytest_orchestrator.pattern_engine.worker.slicing.outline import WholeFileNeeded
from pytest_orchestrator.pattern_engine.worker.slicing.slices import Cut, SliceContext, cut, in_slice_context
from pytest_orchestrator.pattern_engine.worker.visiting.batched_visit import BatchedVisit
from pytest_orchestrator.pattern_engine.worker.visiting.construction import LoadedPattern
from pytest_orchestrator.pattern_engine.worker.visiting.metadata import Metadata, file_facts


class LintedText:
    """A file for these linters: their metadata is computed once, and the file is walked once.

    `root` is the folder that `text.path` is relative to.
    """

    def __init__(self, text: Text, patterns: Sequence[LoadedPattern] = (), *, root: Path = Path("/")) -> None:
        self._text = text
        self._root = root
        self._on_slices = [pattern for pattern in patterns if pattern.trigger.within != "file"]
        self._on_all = [pattern for pattern in patterns if pattern.trigger.within == "file"]

    def lint(self, pattern: LoadedPattern) -> tuple[Diagnostic, ...] | Rejected:
        """What the linter finds, sorted by position."""
        in_slices = None if pattern.trigger.within == "file" else self._in_slices(pattern)
        found = self._in_file(pattern) if in_slices is None else in_slices
        if isinstance(found, Rejected):
            return found
        path = self._text.path
        return tuple(
            Diagnostic(
                rule=pattern.id, severity="warning", message=item.message, path=path, range=item.range, edit=item.edit
            )
            for item in found
        )

    def _in_file(self, pattern: LoadedPattern) -> Sequence[Finding] | Rejected:
        text = self._text
        if isinstance(text.module, Rejected):
            return text.module
        metadata, visit = self._whole
        try:
            found = _findings(pattern, metadata, visit)
        except BaseException as error:
            return text.unfaithful or thrown(error, text.path, pattern=pattern.id, home=pattern.home)
        if found:
            vars(text).setdefault("code", metadata.code)  # written already, for the positions
            return text.unfaithful or found  # positions in an unfaithful module would not be those of the file
        return found

    @cached_property
    def _whole(self) -> tuple[Metadata, BatchedVisit]:
        path, module = self._text.path, self._text.module
        assert isinstance(module, cst.Module)  # noqa: S101 - callers have checked it

        def facts() -> Mapping[ProviderT, object]:
            return file_facts(self._root / path, calculate_module_and_package(self._root, self._root / path))

        metadata = Metadata(module, facts)
        return metadata, _visit(metadata, self._on_all)

    @cached_property
    def _cut(self) -> Cut | None:
        """The slices that the linters' triggers match."""
        text = self._text
        triggers = [pattern.trigger for pattern in self._on_slices]
        return None if text.tree is None or text.is_too_deep else cut(text.data, text.tree, text.outline, triggers)

    @cached_property
    def _slices(self) -> tuple[SliceContext, Metadata, BatchedVisit] | None:
        if self._cut is None:
            return None
        try:
            module = cst.parse_module(self._cut.text)
        except BaseException:  # LibCST validates too: `except:` before other handlers, for example
            return None
        metadata = Metadata(module)
        context = SliceContext(module=module, cut=self._cut, outline=self._text.outline)
        return context, metadata, _visit(metadata, self._on_slices)

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
                findings = _findings(pattern, metadata, visit)
            ranges = [(finding, context.cut.range_in_file(finding.range)) for finding in findings]
        except (Exception, WholeFileNeeded):
            return None
        found = [replace(finding, range=range_) for finding, range_ in ranges if range_ is not None]
        return sorted(found) if len(found) == len(ranges) and (not found or self._is_faithful) else None


def _visit(metadata: Metadata, patterns: Sequence[LoadedPattern]) -> BatchedVisit:
    return BatchedVisit(metadata, [pattern.linter_class.watcher_class() for pattern in patterns])


def _findings(pattern: LoadedPattern, metadata: Metadata, visit: BatchedVisit) -> Sequence[Finding]:
    linter = pattern.linter()
    for watcher in linter.watchers():
        visit.run(watcher)
    return linter.reported(metadata)

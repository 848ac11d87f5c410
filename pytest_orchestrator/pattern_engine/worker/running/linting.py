"""Linters on as little of a file as their triggers ask for. They report what they would on the whole file.

Whatever is out of the ordinary (an exception, a finding that is on no statement of the file) the whole file decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import libcst as cst

from pytest_orchestrator.pattern_engine.results import Rejected
from pytest_orchestrator.pattern_engine.worker.linter import Finding
from pytest_orchestrator.pattern_engine.worker.running.rewriting import Text
from pytest_orchestrator.pattern_engine.worker.running.source import LintedSource, LoadedPattern, diagnostics
from pytest_orchestrator.pattern_engine.worker.slicing.context import Shown, showing
from pytest_orchestrator.pattern_engine.worker.slicing.outline import WholeFileNeeded
from pytest_orchestrator.pattern_engine.worker.slicing.slices import Cut, cut
from pytest_orchestrator.pattern_engine.worker.visiting.batched_visit import Stage
from pytest_orchestrator.pattern_engine.worker.visiting.metadata import Metadata
from pytest_orchestrator.records import Diagnostic


class LintedText:
    """A file that these linters look at; what they need to know is computed once, and the file is walked once.

    `root` is the folder that `text.path` is relative to.
    """

    def __init__(self, text: Text, patterns: Sequence[LoadedPattern], *, root: Path = Path("/")) -> None:
        self._text = text
        self._root = root
        self._on_slices = [pattern for pattern in patterns if pattern.trigger.within != "file"]
        self._on_all = [pattern for pattern in patterns if pattern.trigger.within == "file"]

    def lint(self, pattern: LoadedPattern) -> tuple[Diagnostic, ...] | Rejected:
        """What the linter finds, sorted by place."""
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
        """The statements that one of the linters may have something to say about."""
        text = self._text
        triggers = [pattern.trigger for pattern in self._on_slices]
        return None if text.tree is None else cut(text.data, text.tree, text.outline, triggers)

    @cached_property
    def _slices(self) -> tuple[Shown, Metadata, Stage] | None:
        if self._cut is None:
            return None
        try:
            module = cst.parse_module(self._cut.text)
        except BaseException:  # what its nodes raise, too: `except:` before others; the whole file tells
            return None
        metadata = Metadata(module)
        stage = Stage(metadata, [pattern.linter_class.watcher_class() for pattern in self._on_slices])
        return Shown(module=module, cut=self._cut, outline=self._text.outline), metadata, stage

    @cached_property
    def _is_faithful(self) -> bool:
        """Whether LibCST gives the slices back as they were: otherwise places in them are not to be trusted."""
        try:
            return self._slices is not None and self._slices[0].module.code == self._slices[0].cut.text
        except (RecursionError, MemoryError):
            return False

    def _in_slices(self, pattern: LoadedPattern) -> Sequence[Finding] | None:
        """What the linter finds in the slices, at its place in the file; None: ask the whole file."""
        if self._cut is not None and not self._cut.slices:
            return ()
        if self._slices is None:
            return None
        shown, metadata, stage = self._slices
        try:
            with showing(shown):
                linter = pattern.linter()
                for watcher in linter.watchers():
                    stage.show(watcher)
            placed = [(finding, shown.cut.place(finding.range)) for finding in linter.reported(metadata)]
        except (Exception, WholeFileNeeded):
            return None
        found = [replace(finding, range=place) for finding, place in placed if place is not None]
        return sorted(found) if len(found) == len(placed) and (not found or self._is_faithful) else None

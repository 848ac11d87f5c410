"""Linters on as little of a file as their triggers ask for. They report what they would on the whole file.

Whatever is out of the ordinary (an exception, a finding that is on no statement of the file) the whole file decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import libcst as cst

from pytest_orchestrator.pattern_engine.linter import Finding
from pytest_orchestrator.pattern_engine.observing import observe
from pytest_orchestrator.pattern_engine.outline import WholeFileNeeded
from pytest_orchestrator.pattern_engine.results import Rejected
from pytest_orchestrator.pattern_engine.rewriting import Text
from pytest_orchestrator.pattern_engine.slices import Cut, cut
from pytest_orchestrator.pattern_engine.surroundings import Shown, showing
from pytest_orchestrator.pattern_engine.transform import LintedSource, LoadedPattern, diagnostics
from pytest_orchestrator.pattern_engine.trigger import Trigger
from pytest_orchestrator.records import Diagnostic


class LintedText:
    """A file that several linters look at, whose `triggers` are these; what they need to know is computed once."""

    def __init__(self, text: Text, triggers: Sequence[Trigger]) -> None:
        self._text = text
        self._triggers = [trigger for trigger in triggers if trigger.within != "file"]

    def lint(self, pattern: LoadedPattern) -> tuple[Diagnostic, ...] | Rejected:
        """What the linter finds, sorted by place."""
        if pattern.trigger.within != "file" and (findings := self._in_slices(pattern)) is not None:
            return diagnostics(pattern, self._text.path, findings)
        source = self._whole
        return source if isinstance(source, Rejected) else source.lint(pattern)

    @cached_property
    def _whole(self) -> LintedSource | Rejected:
        source = self._text.source
        return source if isinstance(source, Rejected) else LintedSource(source)

    @cached_property
    def _cut(self) -> Cut | None:
        """The statements that one of the linters may have something to say about."""
        text = self._text
        return None if text.tree is None else cut(text.data, text.tree, text.outline, self._triggers)

    @cached_property
    def _slices(self) -> tuple[Shown, cst.MetadataWrapper] | None:
        if self._cut is None:
            return None
        try:
            module = cst.parse_module(self._cut.text)
        except (cst.ParserSyntaxError, RecursionError, MemoryError):
            return None
        wrapper = cst.MetadataWrapper(module, unsafe_skip_copy=True)
        return Shown(module=module, cut=self._cut, outline=self._text.outline), wrapper

    @cached_property
    def _is_faithful(self) -> bool:
        """Whether LibCST gives the slices back as they were: otherwise places in them are not to be trusted."""
        return self._slices is not None and self._slices[0].module.code == self._slices[0].cut.text

    def _in_slices(self, pattern: LoadedPattern) -> Sequence[Finding] | None:
        """What the linter finds in the slices, at its place in the file; None: ask the whole file."""
        if self._cut is not None and not self._cut.slices:
            return ()
        if self._slices is None:
            return None
        shown, wrapper = self._slices
        try:
            with showing(shown):
                linter = pattern.linter()
                observe(wrapper, linter)
        except (Exception, WholeFileNeeded):
            return None
        placed = [(finding, shown.cut.place(finding.range)) for finding in set(linter.findings)]
        found = [replace(finding, range=place) for finding, place in placed if place is not None]
        return sorted(found) if len(found) == len(placed) and (not found or self._is_faithful) else None

"""What is known about the documents of one client, judged in threads while they change."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pytest_orchestrator.commands.editor.patterns import EditorPatterns, Fix
from pytest_orchestrator.commands.editor.specs import Governing, JudgedSpecs, judge_specs
from pytest_orchestrator.diagnostics import Diagnostic, Edit, Range
from pytest_orchestrator.errors import OrchestratorError
from pytest_orchestrator.lsp.documents import Documents, locate, uri_of
from pytest_orchestrator.lsp.newest import Newest, ShouldStop
from pytest_orchestrator.pattern_engine.host.workspace import SUFFIXES

_SPEC_DELAY_S = 0.3  # the spec guard asks git: after a pause, not after each key


@dataclass(frozen=True, kw_only=True)
class _Linted:
    version: int | None
    findings: Sequence[Diagnostic]


@dataclass(frozen=True, kw_only=True)
class _Fixed:
    version: int | None
    fixes: Sequence[Fix] = ()


@dataclass(frozen=True, kw_only=True)
class _Judged:
    specs: JudgedSpecs = field(default_factory=JudgedSpecs)
    problem: str = ""


class Session:
    """Judges the newest text of each document. All methods are for the event loop's thread; only the work is not."""

    def __init__(
        self,
        documents: Documents,
        patterns: EditorPatterns,
        *,
        publish: Callable[[str], None],
        specs_judged: Callable[[str], None],
    ) -> None:
        """`publish` gets each document whose findings changed; `specs_judged` what keeps specs from being checked."""
        self._documents, self._patterns = documents, patterns
        self._publish, self._specs_judged = publish, specs_judged
        self._threads = [ThreadPoolExecutor(1, thread_name_prefix=name) for name in ("patterns", "specs", "project")]
        self._pattern_thread, spec_thread, self.project_thread = self._threads
        self._linting = Newest(self._pattern_thread, self._to_lint, self._keep_linted)
        self._fixing = Newest(self._pattern_thread, self._to_fix, self._keep_fixed)
        self._judging = Newest(spec_thread, self._to_judge, self._keep_judged, delay_s=_SPEC_DELAY_S)
        self._linted: dict[str, _Linted] = {}
        self._fixed: dict[str, _Fixed] = {}
        self._spec_findings: dict[str, dict[str, Sequence[Diagnostic]]] = {}
        self._governing: dict[str, Sequence[Governing]] = {}
        self._is_closed = threading.Event()

    def close(self) -> None:
        """Ask all work to stop, and wait for it."""
        self._is_closed.set()
        for newest in (self._linting, self._fixing, self._judging):
            newest.close()
        for thread in self._threads:
            thread.shutdown(cancel_futures=True)

    def request(self, uri: str) -> None:
        """Judge an open document and the specs of its project."""
        if self._documents.is_python(uri):
            self._linting.request(uri)
        if (place := locate(uri)) is not None:
            self._judging.request(str(place[0]))

    def forget(self, uri: str) -> None:
        """Try again what failed for a document: it was opened, saved or closed."""
        if (place := locate(uri)) is not None:
            self._pattern_thread.submit(self._patterns.forget, *place)

    def drop(self, uri: str) -> None:
        """Forget a document that was closed."""
        for known in (self._linted, self._fixed, self._governing):
            known.pop(uri, None)
        self.forget(uri)
        self._publish(uri)
        if (place := locate(uri)) is not None:
            self._judging.request(str(place[0]))

    def findings(self, uri: str) -> Sequence[Diagnostic]:
        """What is to be shown for a document, open or not."""
        linted = self._linted.get(uri)
        specs = (item for found in self._spec_findings.values() for item in found.get(uri, ()))
        return [*(linted.findings if linted else ()), *specs]

    def governing(self, uri: str) -> Sequence[Governing]:
        """Which specs govern an open document."""
        return self._governing.get(uri, ())

    async def fixes(self, uri: str) -> Sequence[Fix]:
        """What patterns would change in an open document; none once it has changed meanwhile: the client asks again."""
        version = self._documents.version(uri)
        known = self._fixed.get(uri)
        if known is None or known.version != version:
            self._fixing.request(uri)
            await self._fixing.finished(uri)
            known = self._fixed.get(uri)
        return known.fixes if known is not None and known.version == self._documents.version(uri) else ()

    def fix_project(self, root: Path, pattern: str, should_stop: ShouldStop) -> Callable[[], Mapping[str, list[Edit]]]:
        """The work of running a codemod, or all, on a project, to be done in `project_thread`: edits by path."""
        texts = {path: text for path, text in self._documents.texts(root).items() if path.endswith(SUFFIXES)}

        def work() -> Mapping[str, list[Edit]]:
            found = EditorPatterns((), self._patterns.folders).fix_project(
                root, texts, pattern, lambda: should_stop() or self._is_closed.is_set()
            )
            return {path: list(edits) for path, edits in found.items()}

        return work

    def _to_lint(self, uri: str) -> Callable[[ShouldStop], _Linted] | None:
        text, version = self._documents.text(uri), self._documents.version(uri)
        if text is None:
            return None

        def work(should_stop: ShouldStop) -> _Linted:
            try:
                findings = self._patterns.lint(text, should_stop)
            except OrchestratorError as error:
                findings = (_problem(error, text.path),)
            return _Linted(version=version, findings=findings)

        return work

    def _keep_linted(self, uri: str, result: _Linted) -> None:
        if uri in self._documents.uris and self._documents.version(uri) == result.version:
            self._linted[uri] = result
            self._publish(uri)

    def _to_fix(self, uri: str) -> Callable[[ShouldStop], _Fixed] | None:
        text, version = self._documents.text(uri), self._documents.version(uri)
        if text is None:
            return None

        def work(should_stop: ShouldStop) -> _Fixed:
            try:
                return _Fixed(version=version, fixes=self._patterns.fixes(text, should_stop))
            except OrchestratorError:  # the same error is among the findings
                return _Fixed(version=version)

        return work

    def _keep_fixed(self, uri: str, result: _Fixed) -> None:
        self._fixed[uri] = result

    def _to_judge(self, folder: str) -> Callable[[ShouldStop], _Judged]:
        root = Path(folder)
        texts = self._documents.texts(root)

        def work(_: ShouldStop) -> _Judged:
            today = date.today()  # noqa: DTZ011 - a review's date is a day of its author's calendar
            try:
                return _Judged(specs=judge_specs(root, texts, today=today))
            except OrchestratorError as error:
                return _Judged(problem=str(error))

        return work

    def _keep_judged(self, folder: str, result: _Judged) -> None:
        root, before = Path(folder), self._spec_findings.get(folder, {})
        opened = self._documents.uris_in(root)
        found = {opened.get(path) or uri_of(root, path): items for path, items in result.specs.findings.items()}
        self._spec_findings[folder] = found
        for path, uri in opened.items():
            self._governing[uri] = result.specs.governing.get(path, ())
        for uri in sorted(before.keys() | found.keys()):
            if before.get(uri) != found.get(uri):
                self._publish(uri)
        self._specs_judged(result.problem)


def _problem(error: OrchestratorError, path: str) -> Diagnostic:
    """Why a document can't be checked."""
    return Diagnostic(rule="patterns", severity="error", message=str(error), path=path, range=Range.of_line(1))

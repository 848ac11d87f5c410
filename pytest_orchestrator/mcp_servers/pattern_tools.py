"""The tools `patterns.list`, `patterns.show`, `patterns.apply` and `patterns.lint`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import anyio
import anyio.to_thread
from mcp.server.mcpserver import Context
from mcp_types import CallToolResult, ToolAnnotations
from pydantic import Field

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.errors import PatternError
from pytest_orchestrator.mcp_servers.cancellable import Progress, ShouldStop, run_cancellable
from pytest_orchestrator.mcp_servers.pages import DEFAULT_LIMIT_KB, Pages
from pytest_orchestrator.mcp_servers.pattern_run import PatternRun, RunPatterns, RunResult
from pytest_orchestrator.mcp_servers.pattern_view import PatternDetail, PatternList, detail, summary
from pytest_orchestrator.mcp_servers.report_tools import READS, LimitArgument
from pytest_orchestrator.mcp_servers.strict_tool import StrictTool, answer, strict_tool
from pytest_orchestrator.mcp_servers.workspace_path import WorkspaceArgument, resolve_workspace
from pytest_orchestrator.pattern_engine.host.apply import Observer
from pytest_orchestrator.pattern_engine.library.library import Library
from pytest_orchestrator.pattern_engine.pattern import Pattern
from pytest_orchestrator.pattern_engine.results import ApplyReport

WRITES = ToolAnnotations(read_only_hint=False, destructive_hint=True, idempotent_hint=True, open_world_hint=False)

PathsArgument = Annotated[
    list[str],
    Field(
        max_length=1000,
        description="Python files, folders or globs (`src/**/*.py`); default: all that git does not ignore.",
    ),
]
ParametersArgument = Annotated[
    dict[str, dict[str, Any]], Field(description="Parameters by pattern: {id: {name: value}}.")
]


class PatternTools:
    """The tools' functions; a call also needs the library, the workspace's root, and what runs patterns."""

    def __init__(self, root: Path, library: Library, run: RunPatterns, pages: Pages) -> None:
        self._root = root
        self._library = library
        self._run = run
        self._pages = pages
        # One run at a time: two calls must not write the same file. A call that waits here can be cancelled, one that
        # waits for a worker's own lock can't.
        self._turn = anyio.Lock()

    def tools(self) -> list[StrictTool]:
        """The tools, ready to be offered."""
        return [
            strict_tool(function, name=name, title=title, annotations=annotations, returns=returns)
            for function, name, title, annotations, returns in (
                (self.list_patterns, "patterns.list", "List patterns", READS, PatternList),
                (self.show_pattern, "patterns.show", "Show a pattern", READS, PatternDetail),
                (self.apply_patterns, "patterns.apply", "Apply patterns", WRITES, ApplyReport),
                (self.lint_files, "patterns.lint", "Lint with patterns", READS, ApplyReport),
            )
        ]

    # Not `async`: the SDK then calls them in a thread. They read files, or look for a module.

    def list_patterns(
        self,
        kind: Annotated[Literal["codemod", "linter", "template"] | None, Field(description="Only this kind.")] = None,
        tag: Annotated[str | None, Field(description="Only with this tag.")] = None,
    ) -> CallToolResult:
        """List the patterns: codemods edit code, linters report, templates are prompts."""
        chosen = [
            summary(pattern)
            for pattern in self._library.patterns
            if kind in (None, pattern.kind) and (tag is None or tag in pattern.tags)
        ]
        return answer(self._pages.first(encode(PatternList(patterns=tuple(chosen)))))

    def show_pattern(
        self, pattern: Annotated[str, Field(description="Its id, or the dotted name of a LibCST command.")]
    ) -> CallToolResult:
        """Explain a pattern: what it does, examples, parameters."""
        return answer(detail(self._library.get(pattern)))

    async def apply_patterns(  # noqa: PLR0913, PLR0917 - a tool's arguments
        self,
        context: Context[Any, Any],
        patterns: Annotated[list[str], Field(min_length=1, max_length=1000, description="Ids, in order.")],
        paths: PathsArgument = [],  # noqa: B006 - the SDK copies it
        parameters: ParametersArgument = {},  # noqa: B006 - as above
        workspace: WorkspaceArgument = None,
        dry_run: Annotated[bool, Field(description="Write nothing, and report each file's diff.")] = False,
        allow_dirty: Annotated[
            bool, Field(description="Also write files that git could not restore: uncommitted ones, or without git.")
        ] = False,
        unsafe: Annotated[
            bool, Field(description="Allow codemods that may change what a program does: review the result.")
        ] = False,
        limit_kb: LimitArgument = DEFAULT_LIMIT_KB,
    ) -> CallToolResult:
        """Edit Python files in place with codemods; linters among the patterns only report. Unchanged files are not
        listed. A `rejected` file was left alone; `reason` says why."""
        return await self._answered(
            context,
            lambda: PatternRun(
                folder=resolve_workspace(self._root, workspace),
                patterns=self._patterns(patterns, parameters),
                parameters=parameters,
                paths=paths,
                problem_with=self._library.problem_with,
                write=not dry_run,
                allow_dirty=allow_dirty,
                unsafe=unsafe,
            ),
            limit_kb,
        )

    async def lint_files(  # noqa: PLR0913, PLR0917 - as above
        self,
        context: Context[Any, Any],
        patterns: Annotated[
            list[str], Field(max_length=1000, description="Ids; default: all linters that need no parameters.")
        ] = [],  # noqa: B006 - the SDK copies it
        paths: PathsArgument = [],  # noqa: B006 - as above
        parameters: ParametersArgument = {},  # noqa: B006 - as above
        workspace: WorkspaceArgument = None,
        limit_kb: LimitArgument = DEFAULT_LIMIT_KB,
    ) -> CallToolResult:
        """Report what linters find. Nothing is written."""
        chosen = patterns or [pattern.id for pattern in self._library.patterns if _runs_by_itself(pattern, parameters)]
        return await self._answered(
            context,
            lambda: PatternRun(
                folder=resolve_workspace(self._root, workspace),
                patterns=_linters(self._patterns(chosen, parameters)),
                parameters=parameters,
                paths=paths,
                problem_with=self._library.problem_with,
            ),
            limit_kb,
        )

    async def _answered(
        self, context: Context[Any, Any], prepare: Callable[[], PatternRun], limit_kb: int
    ) -> CallToolResult:
        """The first page of a run's report."""

        def work(progress: Progress, should_stop: ShouldStop) -> dict[str, Any]:
            result = self._run(run, Observer(progress=progress, should_stop=should_stop))
            return self._pages.first(_report(result), limit_kb=limit_kb)

        run = await anyio.to_thread.run_sync(prepare)
        async with self._turn:
            return answer(await run_cancellable(work, context.report_progress))

    def _patterns(self, ids: Sequence[str], parameters: Mapping[str, Any]) -> list[Pattern]:
        patterns = []
        for name in ids:
            pattern = self._library.get(name)
            if pattern.kind == "template":
                raise PatternError(
                    f"pattern {name!r} is a template, which is a text and can't be applied",
                    fix=f"get the prompt {name!r} and follow it",
                )
            patterns.append(pattern)
        for name in parameters:
            if name not in ids:
                raise PatternError(
                    f"parameters are given for {name!r}, which is not one of the patterns of this call",
                    fix="add it to patterns, or remove its parameters",
                )
        return patterns


def _linters(patterns: Sequence[Pattern]) -> Sequence[Pattern]:
    for pattern in patterns:
        if pattern.kind != "linter":
            raise PatternError(
                f"pattern {pattern.id!r} is a {pattern.kind}, and patterns.lint runs only linters",
                fix="use patterns.apply to let a codemod edit files",
            )
    return patterns


def _report(result: RunResult) -> dict[str, Any]:
    """The report, JSON-shaped, with each file's diff in its entry."""
    report: dict[str, Any] = encode(result.report)
    for entry in report["files"]:
        if entry["kind"] == "edited" and entry["path"] in result.diffs:
            entry["diff"] = result.diffs[entry["path"]]
    return {**report, **({"skipped": list(result.skipped)} if result.skipped else {})}


def _runs_by_itself(pattern: Pattern, parameters: Mapping[str, Any]) -> bool:
    given = parameters.get(pattern.id, {})
    return pattern.kind == "linter" and all(
        parameter.default is not None or name in given for name, parameter in pattern.parameters.items()
    )

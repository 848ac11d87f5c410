"""The tools `patterns.list`, `patterns.show`, `patterns.apply` and `patterns.lint`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import anyio
from mcp.server.mcpserver import Context
from mcp_types import CallToolResult, ToolAnnotations
from pydantic import Field

from pytest_orchestrator.config import PROJECT_FILE
from pytest_orchestrator.errors import PatternError
from pytest_orchestrator.mcp_servers.cancellable import Progress, ShouldStop, run_cancellable
from pytest_orchestrator.mcp_servers.pattern_view import PatternDetail, PatternList, detail, summary
from pytest_orchestrator.mcp_servers.strict_tool import StrictTool, answer, strict_tool
from pytest_orchestrator.mcp_servers.workspace_path import resolve_workspace
from pytest_orchestrator.pattern_engine.host.apply import ApplyOptions, Observer, Workers, apply
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.host.workspace import Workspace
from pytest_orchestrator.pattern_engine.library.library import Library
from pytest_orchestrator.pattern_engine.library.supported_python import oldest_python, split_by_python, too_new_for
from pytest_orchestrator.pattern_engine.pattern import Pattern, PatternCall, bind
from pytest_orchestrator.pattern_engine.results import ApplyReport

READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
WRITES = ToolAnnotations(read_only_hint=False, destructive_hint=True, idempotent_hint=True, open_world_hint=False)

WorkspaceArgument = Annotated[
    str | None,
    Field(
        description="Folder to work on, inside the workspace that the server was started for; default: the workspace."
    ),
]
PathsArgument = Annotated[
    list[str],
    Field(
        description="Python files, folders or globs (`src/**/*.py`), relative to the workspace; default: every "
        "Python file in it."
    ),
]
ParametersArgument = Annotated[
    dict[str, dict[str, Any]],
    Field(
        description='Parameters by pattern id, e.g. {"some-pattern": {"name": "value"}}; patterns.show gives '
        "each pattern's schema."
    ),
]


class PatternTools:
    """The tools' functions; a call also needs the library, the workspace's root and a worker."""

    def __init__(self, root: Path, library: Library, worker: WorkerHandle, *, limit_python: bool) -> None:
        """With `limit_python`, codemods that write newer Python than the workspace's project supports are refused."""
        self._root = root
        self._limit_python = limit_python
        self._library = library
        self._worker = worker
        # One run at a time: there is one worker, and two calls must not write the same file. A call that waits here
        # can be cancelled, one that waits for the worker's own lock can't.
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

    async def list_patterns(
        self,
        kind: Annotated[
            Literal["codemod", "linter", "template"] | None, Field(description="Only patterns of this kind.")
        ] = None,
        tag: Annotated[str | None, Field(description="Only patterns that carry this tag.")] = None,
    ) -> CallToolResult:
        """List the library's patterns: codemods that edit code, linters that report, templates that are text."""
        chosen = [
            summary(pattern)
            for pattern in self._library.patterns
            if kind in (None, pattern.kind) and (tag is None or tag in pattern.tags)
        ]
        return answer(PatternList(patterns=tuple(chosen)))

    async def show_pattern(
        self, pattern: Annotated[str, Field(description="The pattern's id, or a LibCST command's dotted name.")]
    ) -> CallToolResult:
        """Show one pattern: what it does and why, with examples, and the schema of its parameters."""
        return answer(detail(self._library.get(pattern)))

    async def apply_patterns(
        self,
        context: Context[Any, Any],
        patterns: Annotated[
            list[str],
            Field(min_length=1, description="Ids of codemods and linters, in the order in which they are to run."),
        ],
        paths: PathsArgument = [],  # noqa: B006 - the SDK copies it
        parameters: ParametersArgument = {},  # noqa: B006 - as above
        workspace: WorkspaceArgument = None,
    ) -> CallToolResult:
        """Apply patterns to Python files, in place. Codemods rewrite files, linters only report.

        The report lists every file that was edited, has diagnostics, or was rejected. A file that can't be parsed is
        rejected and not changed. Applying the same patterns again changes nothing.
        """
        calls = self._calls(patterns, parameters)
        return await self._run(context, calls, paths, workspace, write=True)

    async def lint_files(
        self,
        context: Context[Any, Any],
        patterns: Annotated[
            list[str], Field(description="Ids of linters; default: every linter whose parameters all have defaults.")
        ] = [],  # noqa: B006 - the SDK copies it
        paths: PathsArgument = [],  # noqa: B006 - as above
        parameters: ParametersArgument = {},  # noqa: B006 - as above
        workspace: WorkspaceArgument = None,
    ) -> CallToolResult:
        """Report what linters find in Python files, with exact ranges. Nothing is written."""
        chosen = patterns or [pattern.id for pattern in self._library.patterns if _runs_by_itself(pattern, parameters)]
        calls = self._calls(chosen, parameters)
        for call in calls:
            if call.pattern.kind != "linter":
                raise PatternError(
                    f"pattern {call.pattern.id!r} is a {call.pattern.kind}, and patterns.lint runs only linters",
                    fix="use patterns.apply to let a codemod edit files",
                )
        return await self._run(context, calls, paths, workspace, write=False)

    def _calls(self, ids: Sequence[str], parameters: Mapping[str, Mapping[str, Any]]) -> list[PatternCall]:
        calls = []
        for name in ids:
            pattern = self._library.get(name)
            if pattern.kind == "template":
                raise PatternError(
                    f"pattern {name!r} is a template, which is a text and can't be applied",
                    fix=f"get the prompt {name!r} and follow it",
                )
            calls.append(bind(pattern, parameters.get(name, {})))
        for name in parameters:
            if name not in ids:
                raise PatternError(
                    f"parameters are given for {name!r}, which is not one of the patterns of this call",
                    fix="add it to patterns, or remove its parameters",
                )
        return calls

    async def _run(
        self,
        context: Context[Any, Any],
        calls: Sequence[PatternCall],
        paths: Sequence[str],
        workspace: str | None,
        *,
        write: bool,
    ) -> CallToolResult:
        target = Workspace(resolve_workspace(self._root, workspace))
        if self._limit_python:
            self._refuse_newer_python([call.pattern for call in calls if call.pattern.kind == "codemod"], target.root)

        def work(progress: Progress, should_stop: ShouldStop) -> ApplyReport:
            return apply(
                target,
                calls,
                target.select(paths),
                workers=Workers(handles=[self._worker]),
                observer=Observer(progress=progress, should_stop=should_stop),
                options=ApplyOptions(write=write, problem_with=self._library.problem_with),
            )

        async with self._turn:
            return answer(await run_cancellable(work, context.report_progress))

    def _refuse_newer_python(self, patterns: Sequence[Pattern], folder: Path) -> None:
        folders = [folder, *(parent for parent in folder.parents if parent.is_relative_to(self._root))]
        project = next((each for each in folders if (each / PROJECT_FILE).is_file()), self._root)
        oldest = oldest_python(project)
        for pattern in split_by_python(patterns, oldest)[1]:
            raise PatternError(f"pattern {pattern.id!r}: {too_new_for(pattern, oldest)}", fix="leave it out")


def _runs_by_itself(pattern: Pattern, parameters: Mapping[str, Any]) -> bool:
    given = parameters.get(pattern.id, {})
    return pattern.kind == "linter" and all(
        parameter.default is not None or name in given for name, parameter in pattern.parameters.items()
    )

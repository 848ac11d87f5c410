"""Patterns as MCP prompts: instructions to do by hand what a codemod or linter does, or a rendered template.

The protocol: https://modelcontextprotocol.io/specification/2025-11-25/server/prompts.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.prompts.base import Message, Prompt, PromptArgument
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, InputRequiredResult

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.errors import OrchestratorError
from pytest_orchestrator.pattern_engine.library.library import Library, pattern_text
from pytest_orchestrator.pattern_engine.library.template import render
from pytest_orchestrator.pattern_engine.pattern import Pattern

_PATHS = PromptArgument(name="paths", description="Files or folders.", required=False)


class PatternPrompt(Prompt):
    """The SDK's prompt, except that a missing argument is an error with a message instead of an internal error."""

    async def render(
        self, arguments: dict[str, Any] | None, context: Context[Any, Any]
    ) -> list[Message] | InputRequiredResult:
        """Render the prompt.

        Raises:
            MCPError: an argument is missing, unknown or wrong.
        """
        for argument in self.arguments or ():
            if argument.required and argument.name not in (arguments or {}):
                raise MCPError(
                    INVALID_PARAMS, f"prompt {self.name!r} needs the argument {argument.name!r}: {argument.description}"
                )
        return await super().render(arguments, context)


def add_prompts(server: MCPServer[None], library: Library) -> None:
    """Offer a prompt for each pattern, under its id. The list says in a line what each does: models read all of it."""
    for pattern in library.patterns:
        server.add_prompt(
            PatternPrompt(
                name=pattern.id,
                title=None,
                description=pattern.title,
                arguments=_arguments(pattern),
                context_kwarg=None,
                fn=partial(_render, pattern),
            )
        )


def _arguments(pattern: Pattern) -> list[PromptArgument]:
    if pattern.kind != "template":
        return [_PATHS]
    return [
        PromptArgument(name=name, description=parameter.description, required=parameter.default is None)
        for name, parameter in pattern.parameters.items()
    ]


def _render(pattern: Pattern, /, **arguments: str) -> str:
    known = [argument.name for argument in _arguments(pattern)]
    for name in arguments:
        if name not in known:
            raise MCPError(
                INVALID_PARAMS, f"prompt {pattern.id!r} has no argument {name!r}: {did_you_mean(name, known)}"
            )
    try:
        if pattern.kind == "template":
            return render(pattern, {name: pattern.parameters[name].from_text(text) for name, text in arguments.items()})
        return instructions(pattern, arguments.get("paths", ""))
    except OrchestratorError as error:
        raise MCPError(INVALID_PARAMS, str(error)) from error


def instructions(pattern: Pattern, paths: str) -> str:
    """Instructions to do by hand what a codemod or a linter does. `paths` is text, separated by spaces."""
    tool = "patterns.lint" if pattern.kind == "linter" else "patterns.apply"
    call = json.dumps({"patterns": [pattern.id], **({"paths": paths.split()} if paths else {})})
    work = "Report every occurrence in" if pattern.kind == "linter" else "Apply this to"
    return (
        f"{work} {paths or 'the current code'}: {pattern.title}.\n\n"
        f"{pattern.description}\n\n"
        f"First call the tool {tool} with {call}. It handles every case that can be decided mechanically, and lists "
        f"the files that it rejected. Then examine the rejected files and the code that the tool skipped by the rules "
        f"below. If a rule does not clearly apply, leave the code unchanged and report the doubt.\n\n"
        f"{pattern_text(pattern, 'README.md')}"
    )

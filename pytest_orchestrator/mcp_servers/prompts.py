"""Patterns as MCP prompts: a codemod or linter teaches to do its work by hand, a template is rendered."""

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
from pytest_orchestrator.mcp_servers.pattern_view import pattern_text
from pytest_orchestrator.pattern_engine.library.library import Library
from pytest_orchestrator.pattern_engine.library.template import render
from pytest_orchestrator.pattern_engine.pattern import Parameter, Pattern

_PATHS = PromptArgument(
    name="paths", description="The files or folders to work on; default: the code at hand.", required=False
)


class PatternPrompt(Prompt):
    """The SDK's prompt, but a missing argument is refused in words, not reported as a crash."""

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
    """Offer a prompt for each pattern, under its id."""
    for pattern in library.patterns:
        server.add_prompt(
            PatternPrompt(
                name=pattern.id,
                title=pattern.title,
                description=pattern.description,
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
            return render(pattern, {name: _value(pattern.parameters[name], text) for name, text in arguments.items()})
        return lesson(pattern, arguments.get("paths", ""))
    except OrchestratorError as error:
        raise MCPError(INVALID_PARAMS, str(error)) from error


def _value(parameter: Parameter, text: str) -> str | int | float | bool:
    """A prompt's arguments are all strings; what can't be of the parameter's type stays one, and is refused as such."""
    try:
        match parameter.type:
            case "integer":
                return int(text)
            case "number":
                return float(text)
            case "boolean" if text in ("true", "false"):
                return text == "true"
    except ValueError:
        pass
    return text


def lesson(pattern: Pattern, paths: str) -> str:
    """How to do by hand what a codemod or a linter does."""
    tool = "patterns.lint" if pattern.kind == "linter" else "patterns.apply"
    call = json.dumps({"patterns": [pattern.id], **({"paths": paths.split()} if paths else {})})
    work = "Report every place in" if pattern.kind == "linter" else "Do this to"
    return (
        f"{work} {paths or 'the code at hand'}: {pattern.title}.\n\n"
        f"{pattern.description}\n\n"
        f"First call the tool {tool} with {call}: it does what can be done with certainty, and says which files it "
        f"rejected. Then look at those, and at places that the tool passes over, yourself, by the rules below. Where "
        f"the rules leave a doubt, leave the code as it is and say so.\n\n"
        f"{pattern_text(pattern, 'README.md')}"
    )

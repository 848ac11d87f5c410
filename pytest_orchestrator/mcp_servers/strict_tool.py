"""A tool that says what is wrong with a call, instead of guessing or keeping silent."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import ToolAnnotations
from pydantic import ValidationError

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.errors import OrchestratorError


class StrictTool(Tool):
    """The SDK's tool, but unknown arguments are refused and our own errors reach the caller in full."""

    async def run(self, arguments: dict[str, Any], context: Context[Any, Any], convert_result: bool = False) -> Any:
        """Run the tool.

        Raises:
            ToolError: the arguments are wrong, or the work can't be done; with what to do about it.
        """
        known = self.parameters.get("properties", {})
        for name in arguments:
            if name not in known:
                raise ToolError(f"unknown argument {name!r}: {did_you_mean(name, known)}")
        try:
            return await super().run(arguments, context, convert_result)
        except ToolError as error:
            cause = error.__cause__
            if isinstance(cause, ValidationError):
                raise ToolError(_sentence(cause)) from cause
            if isinstance(cause, OrchestratorError):
                raise ToolError(str(cause)) from cause
            raise


def strict_tool(function: Callable[..., Any], *, name: str, title: str, annotations: ToolAnnotations) -> StrictTool:
    """The tool that `function` is: its annotations give both schemas, its docstring the description."""
    tool = StrictTool.from_function(function, name=name, title=title, annotations=annotations, structured_output=True)
    assert isinstance(tool, StrictTool)  # noqa: S101 - a class method, typed as the base class
    tool.description = inspect.cleandoc(tool.description)
    tool.parameters["additionalProperties"] = False
    del tool.parameters["title"]  # the Python function's name, which is nobody's business
    return tool


def _sentence(error: ValidationError) -> str:
    said = []
    for problem in error.errors(include_url=False):
        where = ".".join(str(part) for part in problem["loc"]) or "the arguments"
        found = "" if problem["type"] == "missing" else f", found {_shown(problem['input'])}"
        said.append(f"argument {where}: {problem['msg'][:1].lower()}{problem['msg'][1:]}{found}")
    return "; ".join(dict.fromkeys(said))


def _shown(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."

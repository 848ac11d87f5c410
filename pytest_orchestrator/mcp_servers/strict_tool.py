"""A tool that refuses unknown arguments and reports errors in full.

A failed call is a result with `isError`, so that a model can correct itself
(https://modelcontextprotocol.io/specification/2025-11-25/server/tools, "Error Handling").
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import TypeAdapter, ValidationError

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.display import shorten
from pytest_orchestrator.errors import OrchestratorError

_NULL = {"type": "null"}
_SURROGATE = re.compile("[\ud800-\udfff]")


class StrictTool(Tool):
    """The SDK's tool, except that unknown arguments are refused, and our own errors reach the caller in full."""

    async def run(self, arguments: dict[str, Any], context: Context[Any, Any], convert_result: bool = False) -> Any:
        """Run the tool.

        Raises:
            ToolError: the arguments are wrong, or the work failed. The message says how to fix it.
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


def strict_tool(
    function: Callable[..., Any], *, name: str, title: str, annotations: ToolAnnotations, returns: type
) -> StrictTool:
    """A tool that calls `function`. Its annotations give the input schema, its docstring the description, and the
    dataclass `returns` the output schema. The function must return `answer(value)` of such a value.

    Clients put the schemas into the context of a model, so they hold no more than a caller must know: the output schema
    only names the fields.
    """
    tool = StrictTool.from_function(function, name=name, title=title, annotations=annotations, structured_output=False)
    assert isinstance(tool, StrictTool)  # noqa: S101 - a class method, typed as the base class
    tool.description = " ".join(tool.description.split())
    properties = tool.parameters["properties"]
    tool.parameters["properties"] = {name: _slim(schema) for name, schema in properties.items()}
    tool.parameters["additionalProperties"] = False
    del tool.parameters["title"]  # the Python function's name
    # Only the schema: the SDK need not validate results, because they are made from such a value.
    fields = TypeAdapter(returns).json_schema(mode="serialization")["properties"]
    present = [name for name, schema in fields.items() if _NULL not in schema.get("anyOf", ())]
    tool.fn_metadata.output_schema = {"type": "object", "required": present}
    return tool


def _slim(schema: dict[str, Any]) -> dict[str, Any]:
    """A property's schema without title, limits, null, and a default that means that nothing is given."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != _NULL]
    rest = {key: value for key, value in schema.items() if key in ("type", "items", "enum", "description")}
    default = {"default": schema["default"]} if schema.get("default") else {}
    return {**(kinds[0] if kinds else {}), **rest, **default}


def answer(value: Any) -> CallToolResult:
    """A dataclass, or JSON-shaped data, as structured content, and as text for clients that support only that."""
    text = compact_json(encode(value))
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=json.loads(text))


def compact_json(data: Any) -> str:
    """The data as JSON. Bytes of file names that are not UTF-8 are escaped: a message can't contain them."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _SURROGATE.sub(lambda found: f"\\\\u{ord(found[0]):04x}", text)


def _sentence(error: ValidationError) -> str:
    sentences = []
    for problem in error.errors(include_url=False):
        where = ".".join(str(part) for part in problem["loc"]) or "the arguments"
        found = "" if problem["type"] == "missing" else f", found {shorten(repr(problem['input']))}"
        sentences.append(f"argument {where}: {problem['msg'][:1].lower()}{problem['msg'][1:]}{found}")
    return "; ".join(dict.fromkeys(sentences))

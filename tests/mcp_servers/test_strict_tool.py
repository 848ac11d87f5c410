from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest
from mcp.server import MCPServer
from mcp_types import CallToolResult, ToolAnnotations

from pytest_orchestrator.mcp_servers.strict_tool import answer, strict_tool


@dataclass(frozen=True, kw_only=True)
class Sum:
    """What adding gives."""

    value: int
    note: str | None = None


async def add(a: int, b: int = 1) -> CallToolResult:
    """Add two numbers.

    Or one, to one.
    """
    if a == b:
        raise RuntimeError("the password is 123")
    return answer(Sum(value=a + b))


@pytest.fixture
def caller(connected: Callable[[Any, str], AbstractContextManager[Any]], mode: str) -> Any:
    tool = strict_tool(add, name="add", title="Add", annotations=ToolAnnotations(), returns=Sum)
    with connected(MCPServer("test", tools=[tool], log_level="CRITICAL"), mode) as found:
        yield found


def test_schemas_come_from_the_signature_and_the_dataclass(caller: Any) -> None:
    [tool] = caller.ask("list_tools").tools

    assert tool.description == "Add two numbers. Or one, to one."
    assert tool.input_schema["required"] == ["a"]
    assert tool.input_schema["additionalProperties"] is False
    assert tool.input_schema["properties"] == {"a": {"type": "integer"}, "b": {"type": "integer", "default": 1}}
    assert tool.output_schema == {"type": "object", "required": ["value"]}


def test_result_is_structured_and_fits_its_schema(caller: Any) -> None:
    assert caller.ok("add", a=2, b=3) == {"value": 5}


def test_all_wrong_arguments_are_named_at_once(caller: Any) -> None:
    message = caller.refusal("add", a="x" * 80, b=None)

    assert message.startswith("argument a: input should be a valid integer")
    assert "xxx...; argument b: input should be a valid integer, found None" in message


def test_text_of_a_bug_stays_on_the_server(caller: Any) -> None:
    assert caller.refusal("add", a=1) == "Error executing tool add"

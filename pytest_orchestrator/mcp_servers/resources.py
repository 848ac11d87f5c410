"""Patterns as MCP resources: `pattern://ID` (metadata), `pattern://ID/readme`, `pattern://ID/source`.

The protocol: https://modelcontextprotocol.io/specification/2025-11-25/server/resources.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError
from mcp.server.mcpserver.resources import FunctionResource

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.errors import OrchestratorError
from pytest_orchestrator.mcp_servers.pattern_view import detail
from pytest_orchestrator.pattern_engine.library.library import Library, pattern_text
from pytest_orchestrator.pattern_engine.pattern import Pattern


def add_resources(server: MCPServer[None], library: Library) -> None:
    """Offer the texts of each pattern. A text is read when a client requests it."""
    for pattern in library.patterns:
        for uri, about, mime_type, read in _texts(pattern):
            server.add_resource(
                FunctionResource(
                    uri=uri,
                    name=uri,
                    title=f"{pattern.title}: {about}",
                    description=pattern.description,
                    mime_type=mime_type,
                    fn=partial(_read, read),
                )
            )


def source_file(pattern: Pattern) -> str:
    """The name of the file with the pattern's code or template; empty when it is not in the pattern's folder."""
    if pattern.kind == "template":
        return "template.md"
    file = pattern.entry.partition(":")[0]
    return file if file.endswith(".py") else ""


def _texts(pattern: Pattern) -> Iterator[tuple[str, str, str, Callable[[], str]]]:
    uri = f"pattern://{pattern.id}"
    yield uri, "metadata", "application/json", partial(_metadata, pattern)
    yield f"{uri}/readme", "README", "text/markdown", partial(pattern_text, pattern, "README.md")
    if source := source_file(pattern):
        mime_type = "text/markdown" if pattern.kind == "template" else "text/x-python"
        yield f"{uri}/source", "source", mime_type, partial(pattern_text, pattern, source)


def _metadata(pattern: Pattern) -> str:
    return json.dumps(encode(detail(pattern)), ensure_ascii=False, indent=2)


def _read(read: Callable[[], str]) -> str:
    try:
        return read()
    except OrchestratorError as error:
        raise ResourceError(str(error)) from error

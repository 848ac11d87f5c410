"""Patterns as MCP resources: `pattern://ID` (metadata), `pattern://ID/readme`, `pattern://ID/source`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError
from mcp.server.mcpserver.resources import FunctionResource

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.errors import OrchestratorError
from pytest_orchestrator.mcp_servers.pattern_view import detail, pattern_text
from pytest_orchestrator.pattern_engine.library.library import Library
from pytest_orchestrator.pattern_engine.pattern import Pattern


def add_resources(server: MCPServer[None], library: Library) -> None:
    """Offer each pattern's texts; they are read when they are asked for."""
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
    """The file of the pattern's folder that does the work; empty when it is not in the folder."""
    if pattern.kind == "template":
        return "template.md"
    file = pattern.entry.partition(":")[0]
    return file if file.endswith(".py") else ""


def _texts(pattern: Pattern) -> Iterator[tuple[str, str, str, Callable[[], str]]]:
    uri = f"pattern://{pattern.id}"
    yield uri, "what it is", "application/json", partial(_metadata, pattern)
    yield f"{uri}/readme", "why and how", "text/markdown", partial(pattern_text, pattern, "README.md")
    if source := source_file(pattern):
        mime_type = "text/markdown" if pattern.kind == "template" else "text/x-python"
        yield f"{uri}/source", "its source", mime_type, partial(pattern_text, pattern, source)


def _metadata(pattern: Pattern) -> str:
    return json.dumps(encode(detail(pattern)), ensure_ascii=False, indent=2)


def _read(read: Callable[[], str]) -> str:
    try:
        return read()
    except OrchestratorError as error:
        raise ResourceError(str(error)) from error

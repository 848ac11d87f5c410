"""An MCP server in a few lines of the standard library, so that agents can be wrong in ways that no SDK allows.

It speaks the handshake era on stdio (protocol 2025-11-25). Run an agent as `python tests/data/agents/NAME.py`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Answer = Mapping[str, Any]
Tool = Callable[[dict[str, Any]], Any]


def report(files: Sequence[Mapping[str, Any]] = (), *, examined: int = 0) -> dict[str, Any]:
    """What patterns.apply returns."""
    counts: dict[str, int] = {}
    for file in files:
        counts[file["kind"]] = counts.get(file["kind"], 0) + 1
    return {"files": list(files), "examined": examined, "counts": counts, "seconds": 0.0}


def serve(tools: Mapping[str, Tool], *, output_schema: Mapping[str, Any] | None = None) -> None:
    """Answer requests until stdin ends."""
    for line in sys.stdin:
        request = json.loads(line)
        if "id" not in request:
            continue
        say({"jsonrpc": "2.0", "id": request["id"], **_answer(request, tools, output_schema or {"type": "object"})})


def say(message: Mapping[str, Any]) -> None:
    """Send one message."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _answer(request: Mapping[str, Any], tools: Mapping[str, Tool], output_schema: Mapping[str, Any]) -> Answer:
    match request["method"]:
        case "initialize":
            about = {"name": "test-agent", "version": "1.2.3"}
            return {"result": {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": about}}
        case "tools/list":
            schema = {"inputSchema": {"type": "object"}, "outputSchema": dict(output_schema)}
            return {"result": {"tools": [{"name": name, **schema} for name in tools]}}
        case "tools/call":
            content = tools[request["params"]["name"]](request["params"].get("arguments", {}))
            if isinstance(content, str):
                return {"result": {"content": [{"type": "text", "text": content}], "isError": True}}
            text = {"type": "text", "text": json.dumps(content)}
            return {"result": {"content": [text], "structuredContent": content}}
        case method:
            return {"error": {"code": -32601, "message": f"no method {method}"}}

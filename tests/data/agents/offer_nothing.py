"""An MCP server without any of the tools that are wanted."""

from __future__ import annotations

from frame import serve

serve({"patterns.aply": lambda _arguments: {}})

"""`pytest-orchestrator mcp`."""

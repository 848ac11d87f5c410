"""The verbs of `pytest-orchestrator mcp`."""

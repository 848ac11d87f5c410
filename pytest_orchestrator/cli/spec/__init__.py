"""`pytest-orchestrator spec`."""

"""`pytest-orchestrator patterns`."""

"""The verbs of `pytest-orchestrator patterns`."""

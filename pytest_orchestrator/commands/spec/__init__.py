"""The verbs of `pytest-orchestrator spec`."""

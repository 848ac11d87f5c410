"""What authors of codemods import through `pytest_orchestrator.api.codemods`: imports, literals, effects, types."""

"""The language server `pytest-orchestrator lsp`; the only folder that imports pygls."""

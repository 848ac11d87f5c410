"""Hooks through which other packages, and a project's own `conftest.py`, extend us.

What we ship is registered through the same hooks. A package declares them under the entry point group
`pytest_orchestrator`, and then the command line sees them too.
"""

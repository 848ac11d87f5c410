"""For authors of agents: an `Agent` is a name and the command that starts an MCP server on stdio."""

from pytest_orchestrator.agents.agent import Agent

__all__ = ["Agent"]

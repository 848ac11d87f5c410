"""Agents: MCP servers in processes of their own, spoken to with a deadline for every call."""

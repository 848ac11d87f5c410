"""Agents: MCP servers in processes of their own. Every call to them has a deadline."""

"""Patterns and the spec guard as an MCP server."""

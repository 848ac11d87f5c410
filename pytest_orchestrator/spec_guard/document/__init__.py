"""Specs as texts: front matter, Markdown, requirements, and where specs are found."""

"""Patterns: codemods and linters, found by folder, loaded by path, run one file at a time. The one door to LibCST."""

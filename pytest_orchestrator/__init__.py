"""Keeps specs and code honest with each other, and proves codemods and linters on pinned real code."""

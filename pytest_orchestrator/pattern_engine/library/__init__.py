"""Patterns as metadata, found without running their code."""

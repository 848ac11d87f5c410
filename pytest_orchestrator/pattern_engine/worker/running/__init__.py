"""Runs linters and codemods on one file, and checks their results."""

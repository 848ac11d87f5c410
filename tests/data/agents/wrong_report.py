"""Declares nothing of its output, and returns no report at all."""

from __future__ import annotations

from frame import serve

serve({"patterns.apply": lambda _arguments: {"answer": 42}, "patterns.lint": lambda _arguments: {"answer": 42}})

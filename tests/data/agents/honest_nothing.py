"""Answers every call properly and changes nothing."""

from __future__ import annotations

from frame import report, serve

serve({"patterns.apply": lambda _arguments: report(), "patterns.lint": lambda _arguments: report()})

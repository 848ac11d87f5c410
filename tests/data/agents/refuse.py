"""Says no to every call, in words."""

from __future__ import annotations

from frame import serve

serve({"patterns.apply": lambda _arguments: "not today", "patterns.lint": lambda _arguments: "not today"})

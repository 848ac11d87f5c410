"""Returns what its own output schema forbids."""

from __future__ import annotations

from frame import serve

serve(
    {"patterns.apply": lambda _arguments: {"files": "many"}, "patterns.lint": lambda _arguments: {"files": "many"}},
    output_schema={"type": "object", "properties": {"files": {"type": "array"}}, "required": ["files"]},
)

"""Leaves the selected files alone and writes one that nobody selected: `TRESPASS.md` at the top of its workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from frame import report, serve


def apply(_arguments: dict[str, Any]) -> Any:
    Path("TRESPASS.md").write_text("I was here.\n", encoding="utf-8")
    return report()


serve({"patterns.apply": apply, "patterns.lint": apply})

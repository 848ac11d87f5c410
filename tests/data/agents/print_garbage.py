"""Prints to stdout what is no message, as a stray `print` in an agent does."""

from __future__ import annotations

import sys
from typing import Any

from frame import report, serve


def apply(_arguments: dict[str, Any]) -> Any:
    sys.stdout.write("Processing 12 files...\n")
    return report()


serve({"patterns.apply": apply, "patterns.lint": apply})

"""Answers a call with one line that never ends, and fills stderr before."""

from __future__ import annotations

import sys
from typing import Any

from frame import serve


def apply(_arguments: dict[str, Any]) -> Any:
    sys.stderr.write("noise " * 400_000 + "\nand still I talk\n")
    sys.stderr.flush()
    while True:
        sys.stdout.write('"' + "x" * (1 << 20))


serve({"patterns.apply": apply, "patterns.lint": apply})

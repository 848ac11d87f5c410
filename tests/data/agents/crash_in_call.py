"""Dies in the middle of a call, with a word on stderr."""

from __future__ import annotations

import os
import sys
from typing import Any

from frame import serve


def apply(_arguments: dict[str, Any]) -> Any:
    sys.stderr.write("about to fall over\n")
    sys.stderr.flush()
    os._exit(3)


serve({"patterns.apply": apply, "patterns.lint": apply})

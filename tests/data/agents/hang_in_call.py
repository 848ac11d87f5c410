"""Never answers a call, and starts a child that would outlive it; the child's id is in `child.pid` in its folder."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from frame import serve


def apply(_arguments: dict[str, Any]) -> Any:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    Path("child.pid").write_text(str(child.pid), encoding="ascii")
    while True:
        signal.pause()


serve({"patterns.apply": apply, "patterns.lint": apply})

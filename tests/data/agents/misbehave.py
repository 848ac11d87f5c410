"""Is wrong in the way that its argument says; with `honest_nothing` it answers properly and changes nothing."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from frame import report, serve

_MODE = sys.argv[1]


def work(_arguments: dict[str, Any]) -> Any:
    match _MODE:
        case "honest_nothing":
            return report()
        case "refuse":
            return "not today"
        case "wrong_report":
            return {"answer": 42}
        case "wrong_schema":
            return {"files": "many"}
        case "crash_in_call":
            sys.stderr.write("about to fall over\n")
            sys.stderr.flush()
            os._exit(3)
        case "hang_in_call":  # with a child that would outlive it
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
            Path("child.pid").write_text(str(child.pid), encoding="ascii")
            _pause()
        case "print_garbage":
            sys.stdout.write("Processing 12 files...\n")
            return report()
        case "talk_without_end":
            sys.stderr.write("noise " * 400_000 + "\nand still I talk\n")
            sys.stderr.flush()
            while True:
                sys.stdout.write('"' + "x" * (1 << 20))
        case "edit_outside":
            Path("TRESPASS.md").write_text("I was here.\n", encoding="utf-8")
            return report()
        case "hide_edits":
            _first().write_bytes(_first().read_bytes() + b"\n# touched\n")
            return report(examined=1)
        case "lie_about_edits":
            before, after = (hashlib.sha256(data).hexdigest() for data in (_first().read_bytes(), b"never written"))
            claim = {"before_sha256": before, "after_sha256": after, "patterns": ["p"]}
            return report([{"kind": "edited", "path": _first().as_posix(), **claim}], examined=1)
    raise SystemExit(f"no mode {_MODE}")


def _first() -> Path:
    return sorted(Path().rglob("*.py"))[0]


def _pause() -> None:
    while True:
        signal.pause()


match _MODE:
    case "crash_at_start":
        sys.exit("no licence key found")
    case "hang_at_start":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _pause()
    case "offer_nothing":
        serve({"patterns.aply": work})
    case "wrong_schema":
        schema = {"type": "object", "properties": {"files": {"type": "array"}}, "required": ["files"]}
        serve({"patterns.apply": work, "patterns.lint": work}, output_schema=schema)
    case _:
        serve({"patterns.apply": work, "patterns.lint": work})

"""Does to the first Python file of its workspace (or of what `paths` names) what its argument says, and is honest."""

from __future__ import annotations

import hashlib
import os
import secrets
import sys
import time
from pathlib import Path
from typing import Any

from frame import report, serve

_MODE = sys.argv[1]
_ENDS = {
    "edit": b"# seen\n",
    "break": b"def (:\n",
    "uncompilable": b"return 1\n",
}


def work(arguments: dict[str, Any]) -> Any:  # noqa: PLR0912 - a mode an arm
    path = sorted(Path().rglob("*.py"))[0]
    match _MODE:
        case "edit" | "break" | "uncompilable":
            end = _ENDS[_MODE]
            before = path.read_bytes()
            return _edit(path, before if before.endswith(end) else before + end)
        case "append":
            return _edit(path, path.read_bytes() + b"# again\n")
        case "random":
            return _edit(path, f"x = {secrets.token_hex(8)!r}\n".encode())
        case "elsewhere":
            return _edit(Path("README"), b"changed\n")
        case "pipe":
            if not Path("pipe").exists():
                os.mkfifo("pipe")
            return report(examined=1)
        case "late":
            if len(arguments["paths"]) == 1 and arguments["paths"][0] == path.as_posix():
                Path("late.py").write_bytes(b"")
            return _edit(path, b"# seen\n")
        case "find" | "find-beyond":
            return report([_finding(path, 1 if _MODE == "find" else 999)], examined=1)
        case "slow":
            Path("started").touch()
            (Path(sys.argv[2]) / f"agent-{os.getpid()}").touch()
            time.sleep(600)
        case "waver":
            return report([_finding(path, _turn())], examined=1)
        case "fade":
            item = {"kind": "rejected", "path": path.as_posix(), "reason": "syntax", "pattern": "", "message": "no"}
            return report([item] if _turn() == 2 else [], examined=1)
        case "tire":
            return report(examined=1) if _turn() == 1 else sys.exit(3)
        case "stop":
            return {**report(examined=1), "stopped": True}
        case "die":
            os.kill(os.getpid(), 9)
        case "reject":
            reason, pattern = sys.argv[2:4]
            item = {"kind": "rejected", "path": path.as_posix(), "reason": reason, "message": "because"}
            return report([{**item, "pattern": pattern, "line": 1}], examined=1)
    raise SystemExit(f"no mode {_MODE}")


def _turn() -> int:
    """How often an agent was started with the same folder as its second argument."""
    with (Path(sys.argv[2]) / "turns").open("ab") as file:
        file.write(b".")
        return file.tell()


def _edit(path: Path, data: bytes) -> Any:
    before = path.read_bytes()
    if data == before:
        return report(examined=1)
    path.write_bytes(data)
    digests = {"before_sha256": hashlib.sha256(before).hexdigest(), "after_sha256": hashlib.sha256(data).hexdigest()}
    return report([{"kind": "edited", "path": path.as_posix(), "patterns": ["p"], **digests}], examined=1)


def _finding(path: Path, line: int) -> dict[str, Any]:
    span = {"start_line": line, "start_column": 1, "end_line": line, "end_column": 2}
    diagnostic = {"rule": "p", "severity": "warning", "message": "look", "path": path.as_posix(), "range": span}
    return {"kind": "found", "path": path.as_posix(), "diagnostics": [diagnostic]}


serve({"patterns.apply": work, "patterns.lint": work})

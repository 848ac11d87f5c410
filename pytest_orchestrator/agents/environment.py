"""What an agent's process gets to see of the caller's environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

_NAMES = frozenset({"PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "TZ", "TMPDIR", "VIRTUAL_ENV"})
# COVERAGE_* is how coverage.py measures a child process.
_PREFIXES = ("LC_", "PYTHON", "COVERAGE_")


def agent_environment(environ: Mapping[str, str], *, folder: Path) -> dict[str, str]:
    """The variables of `environ` that a program needs to run, and none of the caller's secrets.

    An agent starts in the tree that it works on, so the entries of `PYTHONPATH` that are relative to `folder`, where
    the caller runs, are made absolute: nothing may be imported from that tree by accident.
    """
    found = {name: value for name, value in environ.items() if name in _NAMES or name.startswith(_PREFIXES)}
    if path := found.get("PYTHONPATH"):
        found["PYTHONPATH"] = os.pathsep.join(str(folder / entry) for entry in path.split(os.pathsep))
    return found

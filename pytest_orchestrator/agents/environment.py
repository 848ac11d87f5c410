"""The environment variables that an agent gets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

_NAMES = frozenset({"PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "TZ", "TMPDIR", "VIRTUAL_ENV"})
# coverage.py measures child processes through COVERAGE_*.
_PREFIXES = ("LC_", "PYTHON", "COVERAGE_")


def agent_environment(environ: Mapping[str, str], *, folder: Path) -> dict[str, str]:
    """The variables of `environ` that a program needs to run. Others, which may be secrets, are left out.

    Relative entries of `PYTHONPATH` are made absolute; `folder` is the caller's current folder. The agent starts in the
    tree that it works on, and must not import from there by accident.
    """
    found = {name: value for name, value in environ.items() if name in _NAMES or name.startswith(_PREFIXES)}
    if path := found.get("PYTHONPATH"):
        found["PYTHONPATH"] = os.pathsep.join(str(folder / entry) for entry in path.split(os.pathsep))
    return found

"""The environment variables that an agent gets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pytest_orchestrator.process import plain_environment


def agent_environment(environ: Mapping[str, str], *, folder: Path) -> dict[str, str]:
    """The variables of `environ` that `plain_environment` keeps.

    Relative entries of `PYTHONPATH` are made absolute; `folder` is the caller's current folder. The agent starts in the
    tree that it works on, and must not import from there by accident.
    """
    found = plain_environment(environ)
    if path := found.get("PYTHONPATH"):
        found["PYTHONPATH"] = os.pathsep.join(str(folder / entry) for entry in path.split(os.pathsep))
    return found

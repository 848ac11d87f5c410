"""Where a call may work: inside the workspace that the server was started for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pytest_orchestrator.errors import InputError


def place_inside(root: Path, workspace: str | None) -> Path:
    """The folder that a call's `workspace` argument names: `root` itself without one, else a folder in it.

    `root` is resolved. A relative path starts at `root`; an absolute one, and links, must end in it.

    Raises:
        InputError: it leads out of `root`, or is no folder.
    """
    if not workspace:
        workspace = "."
    if "\0" in workspace or ".." in Path(workspace).parts:
        raise InputError(f"workspace {workspace!r} leads out of the workspace", fix="name a folder in it, without ..")
    place = (root / workspace).resolve()
    if not place.is_relative_to(root):
        raise InputError(
            f"workspace {workspace!r} is outside the workspace that this server was started for",
            fix="leave the argument out, or name a folder relative to the workspace",
        )
    if not place.is_dir():
        raise InputError(f"workspace {workspace!r} is no folder of the workspace")
    return place


def refuse_outside(paths: Sequence[str]) -> None:
    """Raises `InputError` for a path that is absolute, empty, or goes up."""
    for path in paths:
        if not path or "\0" in path or Path(path).is_absolute() or ".." in Path(path).parts:
            raise InputError(
                f"path {path!r} leads out of the workspace", fix="name it relative to the workspace, without .."
            )

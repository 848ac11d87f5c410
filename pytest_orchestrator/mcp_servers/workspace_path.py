"""Paths in a call's arguments: they must be inside the workspace that the server was started for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.pattern_engine.host.workspace import below

WorkspaceArgument = Annotated[str | None, Field(description="Work in this folder of the workspace.")]


def resolve_workspace(root: Path, workspace: str | None) -> Path:
    """The folder that a call's `workspace` argument names; `root` itself when there is none.

    `root` must be resolved. A relative path starts at `root`. An absolute path must be inside `root` after symbolic
    links are followed.

    Raises:
        InputError: the path leads out of `root`, or is not a folder.
    """
    if not workspace:
        workspace = "."
    if "\0" in workspace or ".." in Path(workspace).parts:
        raise InputError(f"folder {workspace!r} is outside of the workspace", fix="name a folder in it, without ..")
    folder = (root / workspace).resolve()
    if not folder.is_relative_to(root):
        raise InputError(
            f"folder {workspace!r} is outside the workspace that this server was started for",
            fix="leave the argument out, or name a folder relative to the workspace",
        )
    if not folder.is_dir():
        raise InputError(f"{workspace!r} is not a folder of the workspace")
    return folder


def relative_paths(root: Path, paths: Sequence[str]) -> list[str]:
    """The paths relative to `root`; absolute ones must be below it.

    Raises:
        InputError: a path is empty, outside of `root`, or contains `..`.
    """
    relative = [below(root, path) for path in paths]
    for path in relative:
        if not path or "\0" in path or Path(path).is_absolute() or ".." in Path(path).parts:
            raise InputError(
                f"path {path!r} is outside of the workspace", fix="name a path in the workspace, without .."
            )
    return relative

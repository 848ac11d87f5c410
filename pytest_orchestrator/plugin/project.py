"""The project that a pytest run belongs to."""

from __future__ import annotations

from pathlib import Path

from pytest_orchestrator.config import find_root


def project_root(rootpath: Path) -> Path:
    """The project around pytest's root, spelled as pytest spells it where a symbolic link leads there."""
    root = find_root(rootpath)
    return next((folder for folder in (rootpath, *rootpath.parents) if folder.resolve() == root), root)

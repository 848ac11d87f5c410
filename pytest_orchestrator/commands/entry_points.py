"""Whether any installed package extends us, told without `importlib.metadata`, which costs more than a small check.

The format is the packaging user guide's "Entry points specification": `entry_points.txt` in a package's metadata
folder, one section a group.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

GROUP = "pytest_orchestrator"
"""The group under which a package declares a module that implements our hooks."""

_METADATA = (".dist-info", ".egg-info")


def is_extended(group: str, *, search_path: Sequence[str] | None = None) -> bool:
    """Whether a package on the search path (`sys.path` unless told) may declare entry points in `group`.

    Sometimes True without need, never False wrongly: what can't be looked into is taken for an extension.
    """
    header = f"[{group}]".encode()
    for folder in sys.path if search_path is None else search_path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 - names are enough
        except NotADirectoryError:
            return True  # a zip file: importlib.metadata can read it
        except OSError:
            continue
        for name in names:
            if name.endswith(".egg"):
                return True
            if name.endswith(_METADATA) and header in _read(Path(folder, name, "entry_points.txt")):
                return True
    return False


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""

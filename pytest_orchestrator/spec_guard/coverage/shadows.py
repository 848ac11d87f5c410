"""Files that are loaded in place of others beside them, by the rules of an import.

| a new file | is loaded in place of |
|---|---|
| `a/__init__.py` | `a.py`: a package comes before a module |
| `a.so`, `a.cpython-313-x86_64-linux-gnu.so`, `a.pyd` | `a.py`: compiled modules come before source |
| `a.pyi` | `a.py`, for type checkers |
| `a.ts`, `a.tsx`, `a.js`, `a.jsx` | `a/index.ts`, ...: a file comes before a folder |
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

_COMPILED = (".so", ".pyd")
_SCRIPTS = (".ts", ".tsx", ".js", ".jsx")


def shadowed_by(path: str) -> tuple[str, ...]:
    """The files that are not loaded any more where the file `path` exists, if they are there."""
    return tuple(dict.fromkeys(_shadowed(path)))


def _shadowed(path: str) -> Iterator[str]:
    folder, name = posixpath.split(path)
    stem, suffix = posixpath.splitext(name)
    if suffix in (".py", ".pyi", *_COMPILED):
        module = stem.partition(".")[0]
        if suffix != ".py":
            yield posixpath.join(folder, f"{module}.py")
        if module == "__init__" and folder:
            yield f"{folder}.py"
    elif suffix in _SCRIPTS:
        yield from (posixpath.join(folder, stem, f"index{each}") for each in _SCRIPTS)

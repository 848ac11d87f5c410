"""Path globs, the syntax of `covers` and `code`.

| glob | matches |
|---|---|
| `src/cache.py` | that file; if it is a folder, everything below it |
| `src/` | everything below the folder |
| `src/*.py` | `*` is any text within one folder, `?` one character, `[ab]` one of them, `[!ab]` another one |
| `src/**/*.py` | `**` as a whole segment is any number of folders, none too |

Globs start at the project's root, use `/` and tell upper from lower case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from pytest_orchestrator.glob_pattern import glob_pattern

_WILD = re.compile(r"[*?\[]")
# Syntax of other tools. Here it would match nothing, or something else than was meant.
_FOREIGN = (
    (re.compile(r"^\s|\s$"), "begins or ends with white space"),
    (re.compile(r"//|/\.(?:/|$)"), "holds // or /./, which no path contains"),
    (re.compile(r"^~"), "starts with ~: start at the project's root"),
    (re.compile(r"^:"), "starts with a colon: write a plain path or glob"),
    (re.compile(r"\.pyi?:"), "holds a single colon: write file.py::Name for what is inside a file"),
    (re.compile(r"\{[^{},]*+,[^{}]*+\}"), "holds {...,...}: write an entry for each"),
    (re.compile(r"[?*+@!]\([^()]*\)"), "holds a shell's extended glob: write an entry for each"),
    (re.compile(r"[^/]\*\*|\*\*[^/]"), "joins ** to other text: write **/ for any folders, as in src/**/*.py"),
)


def matches(path: str, globs: Iterable[str]) -> bool:
    """Whether any of `globs` matches `path` (POSIX, relative to the project)."""
    return any(_matcher(glob)(path) for glob in globs)


def matching(paths: Iterable[str], glob: str) -> tuple[str, ...]:
    """Those of `paths` that `glob` matches."""
    return tuple(filter(_matcher(glob), paths))


def problem(glob: str) -> str | None:
    """Why `glob` is invalid; None when it is valid."""
    if not glob.strip():
        return "is empty"
    if "\\" in glob:
        return "holds a backslash: use / between folders"
    if glob.startswith("/"):
        return "is absolute: start at the project's root, without /"
    if ".." in glob.split("/"):
        return "leaves the project with .."
    if glob.startswith("!"):
        return "excludes: name only what is covered"
    for foreign, reason in _FOREIGN:
        if foreign.search(glob):
            return reason
    if "[" in glob:
        if any(part.rfind("[") > part.rfind("]") for part in glob.split("/")):
            return "holds a [ that is never closed: write [[] for the character itself"
        try:
            glob_pattern(glob)
        except re.error as error:
            return f"is not a valid glob: {error.msg}"
    return None


@lru_cache(maxsize=4096)
def _matcher(glob: str) -> Callable[[str], object]:
    """A function that tells whether a path matches. Beginning and end tell it of most: compiling is slow."""
    glob = glob.removeprefix("./")
    if glob in ("", "."):
        return lambda _: True
    wild = _WILD.search(glob)
    if wild is None:
        folder = glob.rstrip("/")
        below = f"{folder}/"
        return lambda path: path.startswith(below) or (path == folder and glob == folder)
    # One star in the last segment is most of what is left, and needs no regular expression.
    head, _, tail = glob.rpartition("*")
    if tail and "/" not in tail and not _WILD.search(head) and not _WILD.search(tail):
        start, least = len(head), len(head) + len(tail)
        return lambda path: (
            path.startswith(head) and path.endswith(tail) and len(path) >= least and "/" not in path[start:]
        )
    # The first folders rule out most paths.
    first = glob[: wild.start()].rstrip("/")
    return lambda path: path.startswith(first) and glob_pattern(glob, below=True).match(path)

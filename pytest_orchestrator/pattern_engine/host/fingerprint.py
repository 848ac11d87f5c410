"""A digest of everything that results depend on but the files: patterns, parameters, engine, Python, packages."""

from __future__ import annotations

import ast
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path

from pytest_orchestrator.pattern_engine.foreign.modules import installed_version
from pytest_orchestrator.pattern_engine.library.library import WELL_KNOWN, origin_of
from pytest_orchestrator.pattern_engine.pattern import PatternCall, pattern_files
from pytest_orchestrator.python_syntax import parse_quietly

# What a pattern may import and still have a fingerprint; the versions of the well-known packages are part of each key.
# What it imports through `importlib` is unknown.
_KNOWN = (sys.stdlib_module_names | WELL_KNOWN | {"pytest_orchestrator"}) - {"importlib", "runpy"}


def fingerprint(calls: Sequence[PatternCall], root: Path, *, every_file: bool = True) -> bytes | None:
    """SHA-256 of all that the results of a run depend on but the files; None if code can change unnoticed.

    These are the bytes of the patterns' folders, their parameters, the versions of the packages that they import, the
    engine's own code, Python, and `every_file`. A pattern whose code is in another place, or that imports other
    packages, has no fingerprint. `root`, the folder that the files are in, counts for patterns of the project, which
    may ask for the name of a file.
    """
    described = []
    environment = [_engine_digest(), sys.version, *map(installed_version, sorted(WELL_KNOWN)), str(every_file)]
    for pattern, parameters in ((call.pattern, dict(call.parameters)) for call in calls):
        if origin_of(pattern):  # those without an origin don't ask for the name of a file
            if pattern.folder is None or not _is_all_there(pattern.folder, pattern.entry, pattern.digest):
                return None
            environment.append(str(root))
        described.append([pattern.id, pattern.kind, pattern.digest, pattern.entry, parameters])
    return hashlib.sha256(json.dumps([described, environment], sort_keys=True).encode()).digest()


@lru_cache(maxsize=256)
def _is_all_there(folder: Path, entry: str, digest: str) -> bool:  # noqa: ARG001 - a part of the cache's key
    """Whether all code of a pattern is in its folder, or has a version."""
    if not entry.partition(":")[0].endswith(".py"):
        return False
    # Cases are what patterns are tried on. Code that imports one imports an unknown package, `cases`.
    code = (path for path in pattern_files(folder) if path.suffix == ".py" and folder / "cases" not in path.parents)
    return all(_KNOWN.issuperset(_imported(path)) for path in code)


def _imported(path: Path) -> Iterator[str]:
    """The top-level packages that a module imports; `importlib` if it can't be parsed."""
    try:
        tree = parse_quietly(path.read_bytes())
    except OSError:
        tree = None
    if tree is None:
        yield "importlib"
        return
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                yield from (alias.name.partition(".")[0] for alias in node.names)
            case ast.ImportFrom(level=0, module=str(module)):
                yield module.partition(".")[0]


@cache
def _engine_digest() -> str:
    """SHA-256 of the source of this package: the engine uses other parts of it too."""
    digest = hashlib.sha256()
    package = Path(__file__).resolve().parents[2]
    for path in sorted(package.rglob("*.py")):
        digest.update(str(path.relative_to(package)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()

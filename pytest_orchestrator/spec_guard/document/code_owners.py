"""The owners of files by `CODEOWNERS`, for specs that name none.

Places, syntax and precedence are GitHub's:
https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.errors import GitError, InputError
from pytest_orchestrator.files import read_limited
from pytest_orchestrator.spec_guard.coverage import globs

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where the file may be; the first one counts."""
_MAX_BYTES = 3 << 20
_COMMENT = re.compile(r"(?:^|\s)#.*")


@dataclass(frozen=True, kw_only=True)
class _Line:
    globs: tuple[str, ...]
    owners: tuple[str, ...]


@dataclass(frozen=True)
class CodeOwners:
    """The lines of a `CODEOWNERS` file."""

    lines: tuple[_Line, ...] = ()

    def of(self, path: str) -> tuple[str, ...]:
        """The owners of a file, without their @: those of the last line that matches; none when none does."""
        return next((line.owners for line in reversed(self.lines) if globs.matches(path, line.globs)), ())


def load_code_owners(root: Path, former: Callable[[str], bytes | None]) -> CodeOwners:
    """The owners in the project `root`: as the base has them, so that no change appoints its own reviewer.

    `former` returns the content of a file at the base: empty for a new file, None for one that did not change. Where it
    raises `GitError`, the present file counts: the check itself reports the error.
    """
    present = {place: _read(root / place) for place in PLACES if (root / place).is_file()}
    if not present:
        return CodeOwners()
    try:
        changed = {place: former(place) for place in PLACES}
    except GitError:
        changed = {}
    at_base = []
    for place in PLACES:
        data = changed.get(place)
        if data or (data is None and place in present):
            at_base.append(data or present[place])
    return parse_code_owners((at_base or list(present.values()))[0])


def parse_code_owners(data: bytes) -> CodeOwners:
    """The lines of a `CODEOWNERS` file. One with an invalid pattern is left out, as GitHub does."""
    lines = []
    for text in data.decode("utf-8-sig", "replace").splitlines():
        pattern, *owners = _COMMENT.sub("", text).split() or [""]
        found = _globs(pattern)
        if found and not any(map(globs.problem, found)):
            lines.append(_Line(globs=found, owners=tuple(name.removeprefix("@") for name in owners)))
    return CodeOwners(tuple(lines))


def _read(file: Path) -> bytes:
    """The content of a file; empty for one that can't be read or is a link."""
    try:
        return read_limited(file, max_bytes=_MAX_BYTES, follow=False)
    except InputError:
        return b""


def _globs(pattern: str) -> tuple[str, ...]:
    """Globs of ours for a pattern. GitHub allows no `!`, no ranges of characters and no escapes."""
    plain = pattern.removeprefix("/")
    if not plain or re.search(r"[!\[\]\\]", plain):
        return ()
    anchored = "/" in pattern.rstrip("/")
    places = (plain,) if anchored else (plain, f"**/{plain}")
    if plain.endswith("/"):
        return tuple(f"{place}**" for place in places)
    if anchored and plain.endswith("/*"):
        return places  # not what is in folders below
    return tuple(glob for place in places for glob in (place, f"{place}/**"))

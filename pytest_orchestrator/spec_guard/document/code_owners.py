"""The owners of files by `CODEOWNERS`, for specs that name none.

Places, syntax and precedence are GitHub's:
https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pytest_orchestrator.spec_guard.coverage import globs

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where the file may be; the first one counts."""
MAX_BYTES = 3 << 20
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


def parse_code_owners(data: bytes) -> CodeOwners:
    """The lines of a `CODEOWNERS` file. One with an invalid pattern is left out, as GitHub does."""
    lines = []
    for text in data.decode("utf-8-sig", "replace").splitlines():
        pattern, *owners = _COMMENT.sub("", text).split() or [""]
        found = _globs(pattern)
        if found and not any(map(globs.problem, found)):
            lines.append(_Line(globs=found, owners=tuple(name.removeprefix("@") for name in owners)))
    return CodeOwners(tuple(lines))


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

"""A pin: the exact identity of a version of open-source code, with a git tree id that proves its content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pytest_orchestrator.codec.decode import Limit

Name = Annotated[str, Limit(pattern="^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$")]
GitId = Annotated[str, Limit(pattern="^[0-9a-f]{40}$")]
Sha256 = Annotated[str, Limit(pattern="^[0-9a-f]{64}$")]
Archive = Annotated[str, Limit(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+!-]*\.(tar\.gz|tgz|tar\.bz2|tar\.xz|zip)$")]
Url = Annotated[str, Limit(pattern="^(https|ssh|file)://[^\\s]+$")]
Count = Annotated[int, Limit(minimum=0)]
Text = Annotated[str, Limit(min_length=1)]


@dataclass(frozen=True, kw_only=True)
class SdistPin:
    """A source archive from a package index."""

    kind: Literal["sdist"] = "sdist"
    name: Name
    """The project's name on the index, and the pin's name in scenarios."""
    version: Text
    filename: Archive
    sha256: Sha256
    """Of the archive; checked before it is opened."""
    size: Annotated[int, Limit(minimum=1)]
    """Of the archive, in bytes."""
    tree: GitId
    """The id of the git tree of the archive's one top folder."""
    files: Count
    python_files: Count
    """How many of the files are named `*.py`."""
    licence: Text
    """An SPDX expression."""

    @property
    def reference(self) -> str:
        """The git reference that keeps the tree in the store."""
        return f"refs/pins/sdist/{self.sha256}"

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True, kw_only=True)
class GitPin:
    """One commit of a git repository."""

    kind: Literal["git"] = "git"
    name: Name
    url: Url
    commit: GitId
    """The full id: a branch or a tag can move."""
    tree: GitId
    files: Count
    python_files: Count
    """How many of the files are named `*.py`."""
    licence: Text
    """An SPDX expression."""

    @property
    def reference(self) -> str:
        """The git reference that keeps the tree in the store."""
        return f"refs/pins/git/{self.commit}"

    @property
    def version(self) -> str:
        """The version in tables: the start of the commit id."""
        return self.commit[:12]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


Pin = SdistPin | GitPin


@dataclass(frozen=True, kw_only=True)
class LockFile:
    """`fixtures/fixtures.lock.yaml`: the pins of a project."""

    schema: Literal["pytest-orchestrator/fixtures-lock/1"]
    pins: tuple[SdistPin | GitPin, ...]

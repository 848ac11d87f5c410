"""`manifest.json`: what was run, with what, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pytest_orchestrator.codec.decode import Limit

RunKind = Literal["spec-guard", "evaluate"]
FinalStatus = Literal["passed", "failed", "errored", "interrupted"]
RunStatus = Literal["running", "passed", "failed", "errored", "interrupted"]

TASK_ID = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
_SHA256 = r"^[0-9a-f]{64}$"


@dataclass(frozen=True, kw_only=True)
class ArtifactRef:
    """A file of the run's folder, with the digest of its content."""

    path: str
    """POSIX, relative to the run's folder."""
    sha256: Annotated[str, Limit(pattern=_SHA256)]
    size: Annotated[int, Limit(minimum=0)]
    media_type: str


@dataclass(frozen=True, kw_only=True)
class GitState:
    """The project's repository when the run began."""

    commit: str | None = None
    """Absent before the first commit."""
    branch: str | None = None
    """Absent when a commit is checked out directly."""
    dirty: bool


@dataclass(frozen=True, kw_only=True)
class InputDigest:
    """A pin or pattern that the run used, and the digest of its content."""

    name: str
    version: str = ""
    digest: str


@dataclass(frozen=True, kw_only=True)
class RunManifest:
    """`manifest.json`. Times are UTC; `heartbeat` changes while the run is alive. `ended` is set when it is over."""

    schema: Literal["pytest-orchestrator/run-manifest/1"]
    run_id: str
    task_id: Annotated[str, Limit(pattern=TASK_ID)]
    kind: RunKind
    status: RunStatus
    started: datetime
    heartbeat: datetime
    ended: datetime | None = None
    command_line: tuple[str, ...]
    versions: Mapping[str, str]
    git: GitState | None = None
    pins: tuple[InputDigest, ...] = ()
    patterns: tuple[InputDigest, ...] = ()
    agents: tuple[str, ...] = ()
    counts: Mapping[str, Annotated[int, Limit(minimum=0)]]
    artifacts: tuple[ArtifactRef, ...] = ()
    problems: tuple[str, ...] = ()
    """What the run could not do or record."""

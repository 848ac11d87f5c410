"""A project's own settings: `[tool.pytest_orchestrator]` in its `pyproject.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pytest_orchestrator.codec.decode import Limit, decode
from pytest_orchestrator.codec.scalar import Key
from pytest_orchestrator.codec.yaml import YamlDocument
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import decode_utf8, read_limited

_MAX_BYTES = 4 << 20
_TABLE = ("tool", "pytest_orchestrator")
_MISSPELT = "pytest-orchestrator"


@dataclass(frozen=True, kw_only=True)
class ApprovalSettings:
    """`[tool.pytest_orchestrator.spec_guard.approvals]`: what SG013 asks of approved and implemented specs."""

    required: Annotated[int, Limit(minimum=0)] = 0
    """How many people must approve; 0 with no roles switches the rule off."""
    roles: tuple[str, ...] = ()
    """The roles of which each must be among them."""
    own_commit: bool = True
    """Whether an approval counts only when its approver committed it; off for teams that squash their merges."""


@dataclass(frozen=True, kw_only=True)
class DriftSettings:
    """`[tool.pytest_orchestrator.spec_guard.drift]`: from when on SG011 fails instead of warning."""

    max_days: Annotated[int, Limit(minimum=0)] = 30
    """Days since the first change of covered code after the review."""
    max_commits: Annotated[int, Limit(minimum=0)] = 20
    """Commits that changed covered code after the review."""


@dataclass(frozen=True, kw_only=True)
class StampSettings:
    """`[tool.pytest_orchestrator.spec_guard.stamp]`: how `spec stamp` reads other front matter."""

    keys: Mapping[str, str] = field(default_factory=dict)
    """Our key by theirs."""
    statuses: Mapping[str, str] = field(default_factory=dict)
    """Our status by theirs; the empty name is for files that have none."""
    owners: tuple[str, ...] = ()
    """For files that name none."""


@dataclass(frozen=True, kw_only=True)
class SpecGuardSettings:
    """`[tool.pytest_orchestrator.spec_guard]`."""

    paths: Annotated[tuple[str, ...], Limit(min_items=1)] | None = None
    """Folders that hold specs, relative to the project."""
    code: tuple[str, ...] = ()
    """Globs of the code that wants a spec (SG009)."""
    require_spec: Literal["off", "warn", "fail"] = "warn"
    """What SG009 does about changed code that no spec covers."""
    max_age_days: Annotated[int, Limit(minimum=1)] = 30
    warn_days: Annotated[int, Limit(minimum=0)] = 7
    """How many days before the limit a warning appears."""
    scope: Literal["auto", "all", "diff"] = "auto"
    """Whether specs that a change has nothing to do with can fail it; `auto` is `diff` in a pull request."""
    severity: Mapping[str, Literal["off", "warning", "error"]] = field(default_factory=dict)
    """What a rule's findings are, by its id, instead of what the rule says."""
    bulk_dates: Annotated[int, Limit(minimum=1)] = 10
    """Of how many specs one commit may move nothing but the date (SG015)."""
    reviews: str = "tasks/reviews.jsonl"
    overrides: str = "tasks/overrides.yaml"
    approvers: str = "tasks/approvers.yaml"
    index: str = "tasks/index.json"
    approvals: ApprovalSettings = ApprovalSettings()
    drift: DriftSettings = DriftSettings()
    stamp: StampSettings = StampSettings()


@dataclass(frozen=True, kw_only=True)
class AgentSettings:
    """`[tool.pytest_orchestrator.agents.NAME]`: an MCP server on stdio that offers the pattern tools."""

    command: Annotated[tuple[str, ...], Limit(min_items=1)]
    """Program and arguments; `{workspace}` and `{python}` stand for the tree to work on and this interpreter."""
    timeout_s: Annotated[int, Limit(minimum=1)] = 600
    """The deadline of every call to it, in seconds."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`[tool.pytest_orchestrator]`."""

    spec_guard: SpecGuardSettings = SpecGuardSettings()
    agents: Mapping[str, AgentSettings] = field(default_factory=dict)


def load_settings(root: Path) -> Settings:
    """The settings of the project in `root`; defaults when it has no `pyproject.toml` or no table of ours.

    Raises:
        InputError: the file is not TOML, or a setting is unknown or of the wrong shape; with its line.
    """
    path = root / "pyproject.toml"
    if not path.is_file():
        return Settings()
    text = decode_utf8(read_limited(path, max_bytes=_MAX_BYTES, shown=path.name), shown=path.name)
    if re.search(r"pytest.orchestrator\b", text) is None:
        return Settings()
    import tomllib  # 4 ms that a project without settings of ours doesn't pay

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else None
        raise InputError(f"is not valid TOML: {error}", path=path.name, line=line, fix="correct that line") from error
    tool = data.get(_TABLE[0], {})
    if _MISSPELT in tool:
        raise InputError(
            f"[tool.{_MISSPELT}] is not read: the table's name has an underscore",
            path=path.name,
            line=next((n for n, line in enumerate(text.splitlines(), start=1) if f"tool.{_MISSPELT}" in line), None),
            fix=f"write [tool.{_TABLE[1]}]",
        )
    table = tool.get(_TABLE[1], {})
    return decode(Settings, YamlDocument(table, _lines(text)), path=path.name)


def find_root(start: Path) -> Path:
    """The nearest folder at or above `start` that holds a `pyproject.toml` or a `.git`; `start` when none does."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / "pyproject.toml").is_file() or (folder / ".git").exists():
            return folder
    return start


def _lines(text: str) -> dict[Key, int]:
    """The line of each of our tables and keys: near enough for a message, TOML's parser keeps none."""
    lines: dict[Key, int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line):
            table = tuple(part.strip(" \"'") for part in header[1].split("."))
            found = table
        elif key := re.match(r"\s*([A-Za-z0-9_.\"'-]+)\s*=", line):
            found = (*table, *(part.strip("\"'") for part in key[1].split(".")))
        else:
            continue
        if found[: len(_TABLE)] == _TABLE:
            lines.setdefault(found[len(_TABLE) :], number)
    return lines

"""A project's own settings: `[tool.pytest_orchestrator]` in its `pyproject.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pytest_orchestrator.codec.decode import Limit, decode
from pytest_orchestrator.codec.yaml import Key, YamlDocument
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import decode_utf8, read_limited

PROJECT_FILE = "pyproject.toml"

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


@dataclass(frozen=True, kw_only=True)
class ProjectFile:
    """A `pyproject.toml`, as far as a message about it needs to know."""

    data: Mapping[str, Any]
    lines: Mapping[Key, int]
    """The line of each table and key: near enough for a message, TOML's parser keeps none."""

    def under(self, *key: str) -> Any:
        """What is under a key; None when there is nothing."""
        found: Any = self.data
        for part in key:
            found = found.get(part) if isinstance(found, Mapping) else None
        return found

    def line(self, *key: str) -> int | None:
        """The line of a key, or of the nearest table around it that is there."""
        below = [line for name, line in self.lines.items() if name[: len(key)] == key]
        return min(below) if below else self.line(*key[:-1]) if key else None


def load_settings(root: Path) -> Settings:
    """The settings of the project in `root`; defaults when it has no `pyproject.toml` or no table of ours.

    Raises:
        InputError: the file is not TOML, or a setting is unknown or of the wrong shape; with its line.
    """
    text = _text(root)
    if re.search(r"pytest.orchestrator\b", text) is None:
        return Settings()
    found = _parsed(text)
    if found.under("tool", _MISSPELT) is not None:
        raise InputError(
            f"[tool.{_MISSPELT}] is not read: the table's name has an underscore",
            path=PROJECT_FILE,
            line=found.line("tool", _MISSPELT),
            fix=f"write [tool.{_TABLE[1]}]",
        )
    ours = {key[len(_TABLE) :]: line for key, line in found.lines.items() if key[: len(_TABLE)] == _TABLE}
    table = found.under(*_TABLE)
    return decode(Settings, YamlDocument({} if table is None else table, ours), path=PROJECT_FILE)


def read_project_file(root: Path) -> ProjectFile:
    """The `pyproject.toml` in `root`; one that says nothing, when there is none.

    Raises:
        InputError: it is not TOML; with the line.
    """
    return _parsed(_text(root))


def setting_line(root: Path, *key: str) -> int | None:
    """The line of a setting of ours in the project's file, for a message about it."""
    return read_project_file(root).line(*_TABLE, *key)


def _text(root: Path) -> str:
    path = root / PROJECT_FILE
    if not path.is_file():
        return ""
    return decode_utf8(read_limited(path, max_bytes=_MAX_BYTES, display_path=PROJECT_FILE), display_path=PROJECT_FILE)


def _parsed(text: str) -> ProjectFile:
    import tomllib  # 4 ms that a project without settings of ours doesn't pay

    try:
        return ProjectFile(data=tomllib.loads(text), lines=_lines(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1  # where the document ends, unless told
        raise InputError(
            f"is not valid TOML: {error}", path=PROJECT_FILE, line=line, fix="correct that line"
        ) from error


def find_root(start: Path) -> Path:
    """The nearest folder at or above `start` that holds a `pyproject.toml` or a `.git`; `start` when none does."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file() or (folder / ".git").exists():
            return folder
    return start


def _lines(text: str) -> dict[Key, int]:
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
        lines.setdefault(found, number)
    return lines

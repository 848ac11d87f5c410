"""A project's own settings: `[tool.pytest_orchestrator]` in its `pyproject.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pytest_orchestrator.codec.decode import Limit, decode
from pytest_orchestrator.codec.yaml import Key, YamlDocument
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import decode_utf8, read_limited

_MAX_BYTES = 4 << 20
_TABLE = ("tool", "pytest_orchestrator")


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
    if _TABLE[-1] not in text:
        return Settings()
    import tomllib  # 4 ms that a project without settings of ours doesn't pay

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else None
        raise InputError(f"is not valid TOML: {error}", path=path.name, line=line) from error
    table = data.get(_TABLE[0], {}).get(_TABLE[1], {})
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

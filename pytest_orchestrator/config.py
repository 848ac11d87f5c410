"""A project's own settings: `[tool.pytest_orchestrator]` in its `pyproject.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pytest_orchestrator.codec.decode import Limit, decode
from pytest_orchestrator.codec.yaml import Key, YamlDocument
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import read_text

PROJECT_FILE = "pyproject.toml"

_MAX_BYTES = 4 << 20
_TABLE = ("tool", "pytest_orchestrator")
_MISSPELT = "pytest-orchestrator"
_KEY = re.compile(r"[A-Za-z0-9_.\"'-]+")

SpecStatus = Literal["draft", "in-review", "approved", "implemented", "retired"]


@dataclass(frozen=True, kw_only=True)
class ApprovalSettings:
    """`[tool.pytest_orchestrator.spec_guard.approvals]`: what SG013 requires of approved and implemented specs."""

    required: Annotated[int, Limit(minimum=0)] = 0
    """How many people must approve; 0 and no roles disables the rule."""
    roles: tuple[str, ...] = ()
    """The roles that must each be among them."""
    own_commit: bool = True
    """Whether an approval counts only if the approver committed it; false for teams that squash their merges."""


@dataclass(frozen=True, kw_only=True)
class DriftSettings:
    """`[tool.pytest_orchestrator.spec_guard.drift]`: the limits beyond which SG011 fails instead of warning."""

    max_days: Annotated[int, Limit(minimum=0)] = 30
    """Days since the first change of covered code after the review."""
    max_commits: Annotated[int, Limit(minimum=0)] = 20
    """Commits that changed covered code after the review."""


@dataclass(frozen=True, kw_only=True)
class StampSettings:
    """`[tool.pytest_orchestrator.spec_guard.stamp]`: the former name of `front_matter`, which wins."""

    keys: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, SpecStatus] = field(default_factory=dict)
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FrontMatterSettings:
    """`[tool.pytest_orchestrator.spec_guard.front_matter]`: how front matter of other tools is read."""

    keys: Mapping[str, str] = field(default_factory=dict)
    """The spec guard's key for each key of the other front matter; of several for one key, the first that is present
    counts. The guard's own key wins."""
    statuses: Mapping[str, SpecStatus] = field(default_factory=dict)
    """The spec guard's status for each other status, in any case; `*` at the end is any text. The empty name is for
    files without a status. `retired` ends the duties of a spec."""
    owners: tuple[str, ...] = ()
    """The owners of files that name none."""
    allow: tuple[str, ...] = ()
    """The keys of other tools, which the spec guard doesn't read."""
    ids: tuple[str, ...] = ()
    """Where the id of a file that names none is in its path, e.g. `openspec/specs/{id}/spec.md`. Several `{id}` are
    joined by `-`; `*` is any text in a name. A README, a YAML file and other texts (`.mdx`, `.rst`, `.adoc`)
    are specs only so."""
    beside: str = ""
    """The name of a YAML file in a spec's folder that holds its keys, e.g. `kep.yaml`."""


@dataclass(frozen=True, kw_only=True)
class SpecGuardSettings:
    """`[tool.pytest_orchestrator.spec_guard]`."""

    paths: Annotated[tuple[str, ...], Limit(min_items=1)] | None = None
    """Folders that hold specs, relative to the project."""
    code: tuple[str, ...] = ()
    """Globs of the code that needs a spec (SG009)."""
    require_spec: Literal["off", "warn", "fail"] = "warn"
    """What SG009 does about changed code that no spec covers."""
    max_age_days: Annotated[int, Limit(minimum=1)] = 30
    warn_days: Annotated[int, Limit(minimum=0)] = 7
    """How many days before the limit the warnings start."""
    scope: Literal["auto", "all", "diff"] = "auto"
    """Whether specs that are unrelated to a change can fail it; `auto` is `diff` in a pull request, else `all`."""
    severity: Mapping[str, Literal["off", "warning", "error"]] = field(default_factory=dict)
    """The severity of a rule's findings, by its id, instead of the rule's own."""
    exclude: tuple[str, ...] = ()
    """Globs of files below `paths` that are no specs."""
    max_age: Mapping[str, Annotated[int, Limit(minimum=1)]] = field(default_factory=dict)
    """Other limits than `max_age_days`, by id, by glob of paths, or by status: the id wins over a glob, and a glob over
    the status; of several globs, the first."""
    docstrings: bool = False
    """Whether docstrings, and comments of documentation in other languages, count as code (SG007, SG011)."""
    bulk_dates: Annotated[int, Limit(minimum=1)] = 10
    """The most specs of which one commit may change only the date (SG015)."""
    reviews: str = "tasks/reviews.jsonl"
    overrides: str = "tasks/overrides.yaml"
    approvers: str = "tasks/approvers.yaml"
    index: str = "tasks/index.json"
    baseline: str = "tasks/spec-baseline.json"
    """The findings that were there when the guard was adopted (`spec baseline`)."""
    approvals: ApprovalSettings = ApprovalSettings()
    drift: DriftSettings = DriftSettings()
    front_matter: FrontMatterSettings = FrontMatterSettings()
    stamp: StampSettings = StampSettings()

    @property
    def reading(self) -> FrontMatterSettings:
        """`front_matter`, completed by the table `stamp`."""
        front, stamp = self.front_matter, self.stamp
        return replace(
            front,
            keys={**stamp.keys, **front.keys},
            statuses={**stamp.statuses, **front.statuses},
            owners=front.owners or stamp.owners,
        )


@dataclass(frozen=True, kw_only=True)
class PatternSettings:
    """`[tool.pytest_orchestrator.patterns]`. Each file follows the nearest `pyproject.toml` that has this table."""

    select: tuple[str, ...] = ()
    """The patterns to run, as for `--select`, which wins; all, when it is empty."""
    ignore: tuple[str, ...] = ()
    """Patterns to leave out, beside those of `--ignore`."""
    unsafe: bool = False
    """Whether unsafe codemods run too."""
    exclude: tuple[str, ...] = ()
    """Globs of files that no pattern is run on, relative to the folder of the settings."""
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Patterns to leave out in the files of a glob."""
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The values of parameters, by the pattern's id and the parameter's name; `--set` wins."""
    target_python: str = ""
    """The oldest Python that the files are for, such as `3.11`, in place of what the packaging files say."""
    runtime_annotations: Literal["unknown", "safe"] = "unknown"
    """Whether all that reads annotations at run time treats `Optional[int]` as `int | None` and `List` as `list`; the
    default of the patterns' parameter of this name."""


@dataclass(frozen=True, kw_only=True)
class AgentSettings:
    """`[tool.pytest_orchestrator.agents.NAME]`: an MCP server on stdio with the pattern tools."""

    command: Annotated[tuple[str, ...], Limit(min_items=1)]
    """Program and arguments; `{workspace}` is replaced by the tree to work on, `{project}` or `{root}` by the project's
    folder, `{python}` by this interpreter."""
    timeout_s: Annotated[int, Limit(minimum=1)] = 600
    """The deadline of every call to it, in seconds."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`[tool.pytest_orchestrator]`."""

    spec_guard: SpecGuardSettings = SpecGuardSettings()
    patterns: PatternSettings = PatternSettings()
    agents: Mapping[str, AgentSettings] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ProjectFile:
    """The data of a `pyproject.toml`, with the line numbers that messages need."""

    data: Mapping[str, Any]
    lines: Mapping[Key, int]
    """The line of each table and key. They are approximate, because TOML's parser has no line numbers."""

    def under(self, *key: str) -> Any:
        """The value of a key; None when it is absent."""
        found: Any = self.data
        for part in key:
            found = found.get(part) if isinstance(found, Mapping) else None
        return found

    def line(self, *key: str) -> int | None:
        """The line of a key, or of the nearest enclosing table that exists."""
        below = [line for name, line in self.lines.items() if name[: len(key)] == key]
        return min(below) if below else self.line(*key[:-1]) if key else None


def load_settings(root: Path) -> Settings:
    """The settings of the project in `root`; the defaults when it has no `pyproject.toml` or no such table.

    Raises:
        InputError: the file is not TOML, or a setting is unknown or of the wrong shape; with its line.
    """
    return parse_settings(_text(root))


def parse_settings(text: str, *, path: str = PROJECT_FILE) -> Settings:
    """The settings in the text of a `pyproject.toml`; the defaults when it has no such table. Messages name `path`.

    Raises:
        InputError: it is not TOML, or a setting is unknown or of the wrong shape; with its line.
    """
    if re.search(r"pytest.orchestrator\b", text) is None:
        return Settings()
    found = _parsed(text, path)
    if found.under("tool", _MISSPELT) is not None:
        raise InputError(
            f"[tool.{_MISSPELT}] is not read: the table's name has an underscore",
            path=path,
            line=found.line("tool", _MISSPELT),
            fix=f"write [tool.{_TABLE[1]}]",
        )
    ours = {key[len(_TABLE) :]: line for key, line in found.lines.items() if key[: len(_TABLE)] == _TABLE}
    table = found.under(*_TABLE)
    return decode(Settings, YamlDocument({} if table is None else table, ours), path=path)


def read_project_file(root: Path) -> ProjectFile:
    """The `pyproject.toml` in `root`; an empty one when there is none.

    Raises:
        InputError: the file is not TOML; with the line.
    """
    return _parsed(_text(root), PROJECT_FILE)


def pattern_settings(file: Path, *, shown: str) -> PatternSettings | None:
    """The settings of patterns in a `pyproject.toml`, whose name in messages is `shown`; None without such a table.

    Raises:
        InputError: as `load_settings`, or the file can't be read.
    """
    text = read_text(file, max_bytes=_MAX_BYTES, display_path=shown)
    settings = parse_settings(text, path=shown)
    has_table = "patterns" in text and _parsed(text, shown).under(*_TABLE, "patterns") is not None
    return settings.patterns if has_table else None


def setting_line(root: Path, *key: str) -> int | None:
    """The line of a setting of `[tool.pytest_orchestrator]`, for a message about it."""
    return read_project_file(root).line(*_TABLE, *key)


def _text(root: Path) -> str:
    path = root / PROJECT_FILE
    if not path.is_file():
        return ""
    return read_text(path, max_bytes=_MAX_BYTES, display_path=PROJECT_FILE)


def _parsed(text: str, path: str) -> ProjectFile:
    import tomllib  # 4 ms, which a project without such settings doesn't pay

    try:
        return ProjectFile(data=tomllib.loads(text), lines=_lines(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1  # else the last line
        raise InputError(f"is not valid TOML: {error}", path=path, line=line, fix="correct that line") from error


def find_root(start: Path) -> Path:
    """The nearest folder at or above `start` that has a `pyproject.toml` or a `.git`; `start` when none has."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file() or (folder / ".git").exists():
            return folder
    return start


def _lines(text: str) -> dict[Key, int]:
    """The line of each table and key. Lines inside of a long string may be taken for one."""
    lines: dict[Key, int] = {}
    table: tuple[str, ...] = ()
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if line.startswith("["):
            name, closing, _ = line.lstrip("[").partition("]")
            if not closing or not name.strip():
                continue
            found = table = tuple(part.strip(" \"'") for part in name.split("."))
        else:
            name, equals, _ = line.partition("=")
            if not equals or _KEY.fullmatch(name.rstrip()) is None:
                continue
            found = (*table, *(part.strip("\"'") for part in name.rstrip().split(".")))
        lines.setdefault(found, number)
    return lines

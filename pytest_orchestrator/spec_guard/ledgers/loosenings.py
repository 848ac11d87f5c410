"""What a change loosens in settings, in ledgers and in the options of pytest; what it loosens in specs, SG021 finds."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pytest_orchestrator.config import PROJECT_FILE, SpecGuardSettings, setting_line
from pytest_orchestrator.display import listed
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.spec_guard.change.comparison import Comparison, FormerSettings
from pytest_orchestrator.spec_guard.change.policy import Loosening, Policy
from pytest_orchestrator.spec_guard.change.policy_in_force import PolicyInForce
from pytest_orchestrator.spec_guard.change.pytest_settings import FILES, read_settings, weakened
from pytest_orchestrator.spec_guard.coverage.anchors import PathIndex, parse_anchor
from pytest_orchestrator.spec_guard.document.discovery import folder_names, is_spec
from pytest_orchestrator.spec_guard.ledgers.loading import Ledgers

_TABLE = "pytest_orchestrator"
_UNSET = "its default"


def find_loosenings(  # noqa: PLR0913 - a project then and now
    judged_by: PolicyInForce,
    ledgers: Ledgers,
    *,
    paths: Sequence[str],
    earlier: Sequence[str],
    files: PathIndex,
    pytest_folder: str,
) -> tuple[Loosening, ...]:
    """What the change loosens in settings and ledgers. Raises `GitError`.

    `paths` are those of all specs, `earlier` those of the specs that the change edits or deletes; `pytest_folder` is
    where pytest's settings are: empty, or ending with a slash.
    """
    root, present, former, comparison = judged_by.root, judged_by.present, judged_by.former, judged_by.compare()
    found = [
        *setting_loosenings(root, former, judged_by.policy, present, files),
        *folder_loosenings(root, former, judged_by.discovery, paths, earlier),
        *project_loosenings(comparison, root),
        *pytest_loosenings(comparison, root, pytest_folder, lambda: (*paths, "spec-guard::")),
        *index_loosenings(judged_by.ledger_at_base("index"), ledgers.index_text, path=present.index),
    ]
    if judged_by.ledger_at_base("approvers"):
        from pytest_orchestrator.spec_guard.ledgers.standing import approver_loosenings

        found += approver_loosenings(ledgers.approvers or {}, ledgers.present_approvers, path=present.approvers)
    return tuple(found)


def setting_loosenings(
    root: Path, former: FormerSettings, policy: Policy, present: SpecGuardSettings, files: PathIndex
) -> Iterator[Loosening]:
    """The settings that demand less than at the base. A glob of code that is gone demands nothing any more."""
    if former.problem:
        what, after = "the settings at the base", f"can't be read by this version ({former.problem})"
        yield Loosening(what=what, before="were read by another one", after=after, path=PROJECT_FILE)
    for key, before, after in policy.loosened:
        dropped = set(policy.settings.code) - set(present.code)
        if key == "code" and not any(files.matching(parse_anchor(glob)) for glob in dropped):
            continue
        line = _line(root, *key.split("."))
        what = f"the setting {key}"
        yield Loosening(what=what, before=_shown(before), after=_shown(after), path=PROJECT_FILE, line=line)


def folder_loosenings(
    root: Path, former: FormerSettings, present: SpecGuardSettings, specs: Sequence[str], earlier: Sequence[str]
) -> Iterator[Loosening]:
    """The folders of the base in which the present settings find no specs, though they hold or held some.

    `specs` are the paths of all specs that are checked, of which `present` excludes none; `earlier` are those that the
    change edits or deletes.
    """
    unseen = [path for path in specs if not is_spec(path, folder_names(present), present)]
    if unseen:
        after = f"without {listed(unseen)}"
        what, line = "the setting paths", _line(root, "paths")
        yield Loosening(what=what, before=_shown(former.folders), after=after, path=PROJECT_FILE, line=line)
    for folder in former.folders:
        held = [path for path in earlier if is_spec(path, (folder,), former.settings)]
        link = next((name for name in _with_parents(folder) if (root / name).is_symlink()), None)
        if held and link is not None:
            yield Loosening(what=f"the folder {folder}", before=listed(held), after="a symbolic link", path=link)


def index_loosenings(former: bytes | None, present: str, *, path: str) -> Iterator[Loosening]:
    """An index of specs that is deleted: nothing holds it to the specs any more."""
    if former and not present:
        yield Loosening(what="the index of specs", before="checked (SG014)", after="deleted", path=path)


def project_loosenings(comparison: Comparison, root: Path) -> Iterator[Loosening]:
    """The settings of projects below this one that are deleted: commands that run there take this project's."""
    for path, changed in comparison.paths.items():
        folder, name = posixpath.split(path)
        if name != PROJECT_FILE or not folder or changed.blob is None or (root / path).exists():
            continue
        if _TABLE in (comparison.former(path) or b"").decode(errors="replace") and (root / folder).is_dir():
            yield Loosening(what=f"the project {folder}", before="settings of its own", after="deleted", path=path)


def pytest_loosenings(
    comparison: Comparison, root: Path, folder: str, items: Callable[[], Collection[str]]
) -> Iterator[Loosening]:
    """The options of pytest's settings that weaken the spec guard. `items` are the beginnings of node ids."""
    files = [f"{folder}{name}" for name in FILES]
    if comparison.paths.keys().isdisjoint(files):
        return
    former = read_settings(lambda name: comparison.at_base(f"{folder}{name}"))
    present = read_settings(lambda name: _read(root / f"{folder}{name}"))
    for what, before, after in weakened(former, present, lambda: tuple(items())):
        yield Loosening(what=what, before=before, after=after, path=f"{folder}{present.path}")


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror}", path=path.name, fix="make it readable") from error


def _with_parents(folder: str) -> Iterator[str]:
    parts = folder.split("/")
    return ("/".join(parts[:size]) for size in range(1, len(parts) + 1))


def _line(root: Path, *key: str) -> int:
    try:
        return setting_line(root, "spec_guard", *key) or 1
    except InputError:
        return 1


def _shown(value: Any) -> str:
    """A setting's value as TOML has it, roughly."""
    match value:
        case None:
            return _UNSET
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case Mapping():
            return "{" + ", ".join(f"{key} = {_shown(item)}" for key, item in value.items()) + "}"
        case tuple():
            return "[" + ", ".join(map(_shown, value)) + "]"
        case _:
            return str(value)

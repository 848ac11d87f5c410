"""`spec stamp`: adds the keys that specs lack, and removes them again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pytest_orchestrator.commands.spec.spec_paths import git_paths
from pytest_orchestrator.errors import GitError, InputError, UsageError
from pytest_orchestrator.files import inside, read_limited, write_inside
from pytest_orchestrator.spec_guard.document.spec import MAX_BYTES, parse
from pytest_orchestrator.spec_guard.document.stamping import stamp, unstamp
from pytest_orchestrator.spec_guard.project import Project


@dataclass(frozen=True, kw_only=True)
class StampResult:
    """The files that changed, or would, and the errors of those that can't be stamped."""

    changed: tuple[str, ...]
    failed: tuple[InputError, ...]


def stamp_specs(
    project: Project,
    *,
    paths: Sequence[str] = (),
    owners: Sequence[str] = (),
    undo: bool = False,
    dry_run: bool = False,
) -> StampResult:
    """Stamp the specs of the project, or those among `paths`. With one failure no file is written.

    Raises:
        GitError, InputError: git can't tell the specs.
        RunError: a file can't be written.
        UsageError: there is no spec, or one of `paths` is none and holds none.
    """
    known = git_paths(project)
    for item in paths:
        if not any(_is_asked(path, (item,)) for path in known):
            raise UsageError(f"{item} is not a spec", fix="name specs, or folders of specs")
    written: dict[str, bytes] = {}
    failed: list[InputError] = []
    ids: dict[str, str] = {}
    for path in known:
        if not _is_asked(path, paths):
            continue
        try:
            data = read_limited(inside(project.root, path), max_bytes=MAX_BYTES, display_path=path)
            result = unstamp(data, path=path) if undo else _stamped(project, data, path, owners)
            if result is not None:
                written[path] = result
            if not undo:
                _check_id(parse(result or data, path=path, reading=project.reading).id, path, ids)
        except InputError as error:
            failed.append(error)
    if not failed and not dry_run:
        for path, data in written.items():
            write_inside(project.root, path, data)
    return StampResult(changed=tuple(written), failed=tuple(failed))


def _stamped(project: Project, data: bytes, path: str, owners: Sequence[str]) -> bytes | None:
    return stamp(
        data,
        path=path,
        last_review=_last_change(project, path),
        owners=tuple(owners) or project.settings.reading.owners,
        reading=project.reading,
    )


def _is_asked(path: str, paths: Sequence[str]) -> bool:
    return not paths or any(item in (".", path) or path.startswith(item.rstrip("/") + "/") for item in paths)


def _check_id(name: str | None, path: str, ids: dict[str, str]) -> None:
    if name is not None and ids.setdefault(name, path) != path:
        raise InputError(
            f"would have the id {name!r}, like {ids[name]}",
            path=path,
            fix="give it a key id, or set `ids` in front_matter",
        )


def _last_change(project: Project, path: str) -> date:
    """The day of the last commit that changed a file; today where there is none."""
    try:
        history = project.history
        latest = next(iter(history.versions(path)), None)
        return project.today if latest is None else history.commits[latest.position].day
    except GitError:
        return project.today

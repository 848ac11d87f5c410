"""`spec stamp`: gives the specs of a project that has other front matter ours, and takes it away again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.errors import GitError, InputError, RunError
from pytest_orchestrator.files import read_limited, write_atomic
from pytest_orchestrator.spec_guard.document.spec import MAX_BYTES, parse
from pytest_orchestrator.spec_guard.document.stamping import StampPlan, stamp, unstamp
from pytest_orchestrator.spec_guard.inspection import Inspection


@dataclass(frozen=True, kw_only=True)
class StampResult:
    """The files that changed, or would, and those that nothing could be done about."""

    changed: tuple[str, ...]
    failed: tuple[InputError, ...]


def stamp_specs(  # noqa: PLR0913 - what is done depends on that much
    root: Path,
    *,
    settings: SpecGuardSettings,
    today: date,
    paths: Sequence[str] = (),
    owners: Sequence[str] = (),
    undo: bool = False,
    dry_run: bool = False,
) -> StampResult:
    """Stamp the specs of the project, or those among `paths`. All or nothing: with one failure no file is written.

    Raises:
        RunError: a file can't be written.
    """
    inspection = Inspection(root, settings=settings, today=today)
    found = tuple(path for path in inspection.paths if _is_asked(path, paths))
    written: dict[str, bytes] = {}
    failed: list[InputError] = []
    ids: dict[str, str] = {}
    for path in found:
        try:
            data = read_limited(root / path, max_bytes=MAX_BYTES, display_path=path)
            plan = StampPlan(
                keys=settings.stamp.keys,
                statuses=settings.stamp.statuses,
                owners=tuple(owners) or settings.stamp.owners,
                last_review=_last_change(inspection, path),
            )
            result = unstamp(data, path=path) if undo else stamp(data, path=path, plan=plan)
            if result is not None:
                written[path] = result
            if not undo:
                _check_id(parse(result or data, path=path).id, path, ids)
        except InputError as error:
            failed.append(error)
    if not failed and not dry_run:
        for path, data in written.items():
            try:
                write_atomic(root / path, data)
            except OSError as error:
                raise RunError(f"can't be written: {error.strerror or error}", path=path) from error
    return StampResult(changed=tuple(written), failed=tuple(failed))


def _is_asked(path: str, paths: Sequence[str]) -> bool:
    return not paths or any(item in (".", path) or path.startswith(item.rstrip("/") + "/") for item in paths)


def _check_id(name: str | None, path: str, ids: dict[str, str]) -> None:
    if name is not None and ids.setdefault(name, path) != path:
        raise InputError(f"would have the id {name!r}, like {ids[name]}", path=path, fix="give it a key id")


def _last_change(inspection: Inspection, path: str) -> date:
    """The day of the last commit that touched a file: what is honestly known of when somebody looked at it."""
    try:
        history = inspection.surroundings.history
        latest = next(iter(history.versions(path)), None)
        return inspection.today if latest is None else history.commits[latest.place].day
    except GitError:
        return inspection.today

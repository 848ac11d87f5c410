"""The policy that judges a change: the settings of the base, plus what the change tightens.

`_STRICTER` says for each setting how two values compare. Its functions return what is demanded by both: by the value
at the base and by the present one. The change loosens a setting when that is not the present value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from pytest_orchestrator.config import SpecGuardSettings

Stricter = Callable[[Any, Any], Any]
"""What the former and the present value of a setting demand together."""


@dataclass(frozen=True, kw_only=True)
class Loosening:
    """One thing that a change demands less of than the base did."""

    what: str
    before: str
    after: str
    path: str
    line: int = 1


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The settings in force. `loosened` holds the key, the former and the present value of each loosened setting."""

    settings: SpecGuardSettings
    loosened: tuple[tuple[str, Any, Any], ...] = ()


def strictest(former: SpecGuardSettings, present: SpecGuardSettings) -> Policy:
    """The policy for a change of the settings from `former` to `present`."""
    loosened: list[tuple[str, Any, Any]] = []
    settings = _joined(former, present, "", loosened)
    return Policy(settings=settings, loosened=tuple(loosened))


def compared_settings(settings: Any = None, prefix: str = "") -> tuple[str, ...]:
    """The dotted key of every setting of the spec guard, those of nested tables included."""
    value = SpecGuardSettings() if settings is None else settings
    found: list[str] = []
    for field in fields(value):
        inner = getattr(value, field.name)
        key = f"{prefix}{field.name}"
        found += compared_settings(inner, f"{key}.") if is_dataclass(inner) else [key]
    return tuple(found)


def _joined(former: Any, present: Any, prefix: str, loosened: list[tuple[str, Any, Any]]) -> Any:
    demanded: dict[str, Any] = {}
    for field in fields(present):
        before, after = getattr(former, field.name), getattr(present, field.name)
        key = f"{prefix}{field.name}"
        if is_dataclass(after):
            demanded[field.name] = _joined(before, after, f"{key}.", loosened)
        elif before != after:
            both = _STRICTER.get(key, _as_before)(before, after)
            if both != after:
                loosened.append((key, before, after))
            demanded[field.name] = both
    return replace(present, **demanded)


def _as_before(before: Any, _: Any) -> Any:
    """Any difference is a loosening."""
    return before


def _as_now(_: Any, after: Any) -> Any:
    """No difference is a loosening by itself."""
    return after


def _higher_of(*levels: object) -> Stricter:
    """The later one of `levels`."""
    return lambda before, after: max(before, after, key=levels.index)


def _all_globs(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """Every glob; one below a plain folder of the present ones demands nothing of its own."""
    folders = tuple(glob.rstrip("/") + "/" for glob in after if not set(glob) & set("*?["))
    return (*after, *(glob for glob in before if glob not in after and not glob.startswith(folders)))


def _all_names(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    return (*after, *(name for name in before if name not in after))


def _common_names(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in after if name in before)


def _lower_limits(before: Mapping[str, int], after: Mapping[str, int]) -> Mapping[str, int]:
    """The lower limit of each name. A name that comes or goes changes which limit a spec has, so it is a loosening."""
    return {name: min(days, after.get(name, days)) for name, days in before.items()}


def _severities(before: Mapping[str, str], after: Mapping[str, str]) -> Mapping[str, str]:
    """The higher severity of each rule. The rule's own, which is an error or a warning, lies between those two."""
    higher = _higher_of("off", "warning", None, "error")
    levels = {name: higher(before.get(name), after.get(name)) for name in (*after, *before)}
    return {name: level for name, level in levels.items() if level is not None}


_STRICTER: Mapping[str, Stricter] = {
    "paths": _as_now,  # judged by the folders: specs that it no longer finds are a loosening
    "code": _all_globs,
    "require_spec": _higher_of("off", "warn", "fail"),
    "max_age_days": min,
    "warn_days": max,
    "scope": _higher_of("diff", "auto", "all"),
    "severity": _severities,
    "bulk_dates": min,
    # A ledger may move: what it held at the base is compared with what it holds at its present place.
    "reviews": _as_now,
    "overrides": _as_now,
    "approvers": _as_now,
    "index": _as_now,
    "approvals.required": max,
    "approvals.roles": _all_names,
    "approvals.own_commit": _higher_of(False, True),
    "drift.max_days": min,
    "drift.max_commits": min,
    "docstrings": _higher_of(False, True),
    "exclude": _common_names,
    "max_age": _lower_limits,
    "baseline": _as_before,
    # They say what counts as a date, an owner or a status.
    "front_matter.keys": _as_before,
    "front_matter.statuses": _as_before,
    "front_matter.owners": _as_before,
    "front_matter.allow": _common_names,
    "front_matter.ids": _as_before,
    "front_matter.beside": _as_before,
    "stamp.keys": _as_before,
    "stamp.statuses": _as_before,
    "stamp.owners": _as_before,
}

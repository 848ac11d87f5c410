"""Proposes settings for a repository's specs: its layouts, and how the keys of its front matter map to ours."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pytest_orchestrator.config import SpecStatus
from pytest_orchestrator.spec_guard.document.body_fields import body_fields, field_name
from pytest_orchestrator.spec_guard.document.layouts import Layout, id_patterns
from pytest_orchestrator.spec_guard.document.mapping import IN_BODY, STATUSES, as_date, bare_status

Keys = Mapping[str, Any]
"""The front matter of a file, and what its body tells; a text of several lines is a tuple."""

# Names of other tools for our keys, the most telling first.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("name", "heading"),
    "status": ("state", "decision-status"),
    "owners": (
        *("owner", "decision-makers", "deciders", "maintainers", "authors", "author", "assignee", "responsible"),
        "owning-sig",
    ),
    "last_review": (
        *("last-review", "last-reviewed", "last_reviewed", "lastReviewed", "reviewed", "review-date"),
        *("last-updated", "last_updated", "lastUpdated", "updated", "date"),
    ),
}
# Not in front matter: a review would change it there.
_CREATED = "created"
_STATUSES: Mapping[SpecStatus, tuple[str, ...]] = {
    "draft": (
        *("proposed", "provisional", "todo", "to-do", "open", "backlog", "planned", "planning", "wip", "idea", "new"),
        *("pending", "deferred", "in-progress", "in_progress", "in progress", "active", "started", "doing"),
    ),
    "in-review": ("review", "in_review", "in review", "under review", "discussion", "rfc"),
    "approved": ("accepted", "adopted", "agreed", "implementable", "final", "current", "stable", "ready", "decided"),
    "implemented": ("shipped", "released", "live", "delivered"),
    "retired": (
        *("rejected", "deprecated", "superseded", "superceded", "withdrawn", "replaced", "obsolete"),
        *("archived", "cancelled", "canceled", "closed", "abandoned", "removed"),
        *("done", "completed", "complete", "finished", "succeeded"),
    ),
}
_OURS = ("id", "title", "status", "owners", "last_review", "covers", "relates_to", "approvals", "evidence")
KNOWN_KEYS = frozenset({*_OURS, *(name for names in _NAMES.values() for name in names)})
"""The keys that show that an HTML comment is front matter."""


def with_body(front: Keys, body: str) -> Keys:
    """The keys of a file with those that only its body tells, under the names that `propose` knows."""
    names = {our: (our, *_NAMES[our]) for our in IN_BODY}
    names["last_review"] += (_CREATED,)
    found = body_fields(body, {field_name(name) for all_names in names.values() for name in all_names})
    told: dict[str, Any] = {}
    for our, all_names in names.items():
        if any(_given(front.get(name)) for name in all_names):
            continue
        for name in all_names:
            values = found[field_name(name)].values if field_name(name) in found else ()
            if values and (our != "last_review" or any(map(as_date, values))):
                told[name] = tuple(map(bare_status, values)) if our == "status" else values
                break
    return {**front, **told}


def propose(layouts: Sequence[Layout], front: Mapping[str, Keys], *, owner: str) -> Mapping[str, Any]:
    """The settings of the table `spec_guard` for `layouts`, without those that are not needed.

    `front` holds the front matter of each spec that can be read.
    `owner` is for specs that name none; empty where `CODEOWNERS` names theirs.
    """
    samples = list(front.values()) if front else [{}]
    # A spec whose front matter can't be read must not decide what the others need.
    keys = dict(_keys(samples))
    names = {our: (our, *(theirs for theirs, target in keys.items() if target == our)) for our in (*_NAMES, "id")}
    missing = {
        our: any(not any(_given(item.get(name)) for name in all_names) for item in samples)
        for our, all_names in names.items()
    }
    mapping: dict[str, Any] = {
        "ids": list(id_patterns(layouts)) if missing["id"] else [],
        "keys": keys,
        "statuses": {**_expected(layouts), **dict(_statuses(samples, names["status"]))},
        "owners": [owner] if missing["owners"] and owner else [],
        "allow": sorted(_others(samples, known={*_OURS, *keys})),
        "beside": next((layout.beside for layout in layouts if layout.beside), ""),
    }
    if missing["status"]:
        mapping["statuses"][""] = layouts[0].status
    settings = {
        "paths": list(dict.fromkeys(layout.folder for layout in layouts)),
        "exclude": list(dict.fromkeys(glob for layout in layouts for glob in layout.exclude)),
        "front_matter": {key: value for key, value in mapping.items() if value},
    }
    return {key: value for key, value in settings.items() if value}


def render_settings(settings: Mapping[str, Any], *, names: Iterable[str]) -> str:
    """The settings as tables of a `pyproject.toml`."""
    table = "tool.pytest_orchestrator.spec_guard"
    lines = [f"# Written by `pytest-orchestrator init` for {', '.join(dict.fromkeys(names))}.", f"[{table}]"]
    lines += [f"{key} = {_toml(value)}" for key, value in settings.items() if key != "front_matter"]
    if "front_matter" in settings:
        lines += ["", f"[{table}.front_matter]"]
        lines += [f"{key} = {_toml(value)}" for key, value in settings["front_matter"].items()]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    """A value in TOML: its strings are those of JSON."""
    match value:
        case dict():
            return f"{{ {', '.join(f'{_toml(key)} = {_toml(item)}' for key, item in value.items())} }}"
        case list() if len(json.dumps(value)) > 90:
            return "[\n" + "".join(f"    {_toml(item)},\n" for item in value) + "]"
        case _:
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _keys(samples: Sequence[Keys]) -> Iterator[tuple[str, str]]:
    """Their names of our keys, where a file lacks our own."""
    for our, names in _NAMES.items():
        if all(our in item for item in samples):
            continue
        for name in names:
            values = [text for item in samples for text in _texts(item.get(name))]
            if values and (our != "last_review" or any(map(as_date, values))):
                yield name, our
    created = [item[_CREATED] for item in samples if _CREATED in item]
    if created and all(isinstance(value, tuple) for value in created):
        yield _CREATED, "last_review"


def _expected(layouts: Iterable[Layout]) -> dict[str, SpecStatus]:
    """What the conventions of the layouts call a status: to map it later would be a loosening."""
    ours = _ours()
    return {name: ours[name.rstrip("*")] for layout in layouts for name in layout.statuses}


def _ours() -> dict[str, SpecStatus]:
    return {theirs: our for our, all_theirs in _STATUSES.items() for theirs in (our, *all_theirs)}


def _statuses(samples: Sequence[Keys], names: Sequence[str]) -> Iterator[tuple[str, SpecStatus]]:
    ours = _ours()
    for item in samples:
        for line in next((_texts(item[name]) for name in names if _given(item.get(name))), ()):
            text = line.strip().casefold()
            if not text or text.replace(" ", "-") in STATUSES:
                continue
            word = text.split()[0].rstrip(",;:.")
            if text in ours:
                yield text, ours[text]
            elif word in ours:  # "superseded by ADR-0005"
                yield f"{word}*", ours[word]


def _others(samples: Iterable[Keys], *, known: set[str]) -> set[str]:
    return {key for item in samples for key in item if key not in known and not key.startswith("x-")}


def _texts(value: Any) -> tuple[str, ...]:
    return (value if isinstance(value, tuple) else (str(value),)) if _given(value) else ()


def _given(value: Any) -> bool:
    return value not in (None, "", [])

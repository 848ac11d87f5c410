"""`init`: proposes settings and a baseline for the specs that a repository has."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pytest_orchestrator.commands.spec.baseline import BaselineUpdate, find_baseline
from pytest_orchestrator.config import PROJECT_FILE, SpecGuardSettings, parse_settings, read_project_file
from pytest_orchestrator.errors import InputError, UsageError
from pytest_orchestrator.files import decode_utf8, read_limited, write_inside
from pytest_orchestrator.spec_guard.document.dialects import read_foreign, read_keys
from pytest_orchestrator.spec_guard.document.layouts import Layout, find_layouts
from pytest_orchestrator.spec_guard.document.mapping import is_yaml
from pytest_orchestrator.spec_guard.document.proposal import KNOWN_KEYS, propose, render_settings, with_body
from pytest_orchestrator.spec_guard.document.spec import MAX_BYTES
from pytest_orchestrator.spec_guard.ledgers.baseline import render_baseline
from pytest_orchestrator.spec_guard.ledgers.loading import read_baseline
from pytest_orchestrator.spec_guard.project import Project

_MAX_PROJECT_BYTES = 4 << 20
_OTHER_INDEX = "tasks/spec-index.json"


@dataclass(frozen=True, kw_only=True)
class InitPlan:
    """What `init` would write."""

    project: Project
    """With the proposed settings, or those that the project has."""
    layouts: tuple[Layout, ...] = ()
    """Empty when the project has settings already."""
    before: str = ""
    """The text of `pyproject.toml`."""
    after: str = ""
    baseline: BaselineUpdate
    """The violations that the baseline would hold; none when there is a baseline."""

    @property
    def nothing_to_do(self) -> bool:
        """Whether nothing would be written."""
        return self.before == self.after and not self.baseline.entries

    def difference(self) -> str:
        """The change of `pyproject.toml` as a patch; empty where there is none."""
        before, after = (text.splitlines(keepends=True) for text in (self.before, self.after))
        return "".join(difflib.unified_diff(before, after, PROJECT_FILE, PROJECT_FILE, n=1))


def plan_init(project: Project, *, owner: str = "") -> InitPlan:
    """What to write for `project`; settings that it has are not touched. `owner` is for specs that name none.

    Raises:
        UsageError: the project has neither settings nor specs.
        GitError, InputError: it can't be read.
    """
    before = _project_text(project)
    layouts: tuple[Layout, ...] = ()
    after = before
    if read_project_file(project.root).under("tool", "pytest_orchestrator", "spec_guard") is None:
        layouts = find_layouts(project.tree.files((".",)))
        if not layouts:
            raise UsageError(
                "no specs were found in this repository",
                fix="write one: pytest-orchestrator spec new; or set paths in [tool.pytest_orchestrator.spec_guard]",
            )
        settings = propose(layouts, _front_matter(project, layouts), owner=owner or _owner(project, layouts))
        if any(item.rule == "SG014" for item in project.ledgers.problems):
            settings = {"index": _OTHER_INDEX, **settings}  # the file of that name is another tool's
        after = _with_settings(before, render_settings(settings, names=[layout.name for layout in layouts]))
    found = replace(project, settings=_settings(after, unchanged=after == before))
    known = read_baseline(project.root, found.settings.baseline) is not None
    return InitPlan(
        project=found,
        layouts=layouts,
        before=before,
        after=after,
        baseline=BaselineUpdate(entries=()) if known else find_baseline(found),
    )


def write_init(plan: InitPlan) -> tuple[str, ...]:
    """Write what the plan says; the paths of the files. Raises `RunError` when one can't be written."""
    written = {}
    if plan.after != plan.before:
        written[PROJECT_FILE] = plan.after
    if plan.baseline.entries:
        written[plan.project.settings.baseline] = render_baseline(plan.baseline.entries)
    for path, text in written.items():
        write_inside(plan.project.root, path, text.encode())
    return tuple(written)


def _project_text(project: Project) -> str:
    path = project.root / PROJECT_FILE
    if not os.path.lexists(path):
        return ""
    data = read_limited(path, max_bytes=_MAX_PROJECT_BYTES, display_path=PROJECT_FILE, follow=False)
    decode_utf8(data, display_path=PROJECT_FILE)  # for its errors: a byte order mark stays in the text
    return data.decode()


def _with_settings(text: str, tables: str) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    apart = "" if not text else newline if text.endswith("\n") else newline * 2
    return text + apart + tables.replace("\n", newline)


def _settings(text: str, *, unchanged: bool) -> SpecGuardSettings:
    try:
        return parse_settings(text.removeprefix("\ufeff")).spec_guard
    except InputError as error:
        if unchanged:
            raise
        message = f"gets no table [tool.pytest_orchestrator.spec_guard]: {error.message}"
        raise InputError(
            message, path=PROJECT_FILE, line=error.line, fix="write the tables that enclose it as [tables]"
        ) from error


def _front_matter(project: Project, layouts: tuple[Layout, ...]) -> Mapping[str, Mapping[str, Any]]:
    """The keys of each spec that can be read, with those of its body and of the file beside it."""
    found: dict[str, Mapping[str, Any]] = {}
    for layout in layouts:
        for path in layout.specs:
            try:
                keys, body = _keys(project, path)
                if layout.beside:
                    beside = path.rpartition("/")[0] + "/" + layout.beside
                    keys = {**read_keys(_text(project, beside), path=beside).data, **keys}
                keys = with_body(keys, body)
            except InputError:
                continue  # the check reports it, and the baseline holds it
            found[path] = keys
    return found


def _keys(project: Project, path: str) -> tuple[Mapping[str, Any], str]:
    """The keys of a file, and its body."""
    text = _text(project, path)
    if is_yaml(path):
        return read_keys(text, path=path).data, ""
    found = read_foreign(text, path=path, known=KNOWN_KEYS)
    return found.keys, found.body


def _text(project: Project, path: str) -> str:
    data = read_limited(project.root / path, max_bytes=MAX_BYTES, display_path=path, follow=False)
    return decode_utf8(data, display_path=path)


def _owner(project: Project, layouts: tuple[Layout, ...]) -> str:
    """The owner of specs that name none: the author of the last commit. Empty where `CODEOWNERS` has one for each."""
    if all(project.code_owners.of(path) for layout in layouts for path in layout.specs):
        return ""
    tree = project.tree
    if tree.head is not None:
        return tree.git.output("log", "-1", "--format=%an").decode("utf-8", "replace").strip() or "maintainers"
    return "maintainers"

"""The policy in force: which settings judge a change, and what ledgers held at the base that the change edits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.spec_guard.change.comparison import Comparison, FormerSettings, former_settings
from pytest_orchestrator.spec_guard.change.policy import Policy, strictest
from pytest_orchestrator.spec_guard.document.discovery import existing_specs, is_spec, plain_folders, read_spec
from pytest_orchestrator.spec_guard.document.mapping import Reading
from pytest_orchestrator.spec_guard.document.spec import parse


@dataclass(frozen=True, kw_only=True, eq=False)
class PolicyInForce:
    """What judges a change: the settings of the base, and what the change tightens. Everything raises `GitError`."""

    root: Path
    present: SpecGuardSettings
    """The settings as they are now."""
    reading: Reading
    """How front matter is read now."""
    compare: Callable[[], Comparison]
    """Returns what differs from the base; it is not called where `trusts_present` makes that needless."""
    trusts_present: bool
    """Whether the present settings judge whatever the base says."""
    max_age_days: int | None
    """The limit that a person asked for; it counts whatever the settings say."""

    @cached_property
    def former(self) -> FormerSettings:
        """The settings at the base."""
        if self.trusts_present:
            return FormerSettings(settings=self.present)
        return former_settings(self.compare(), self.present)

    @cached_property
    def policy(self) -> Policy:
        """The settings of the base, and what the change tightens."""
        found = strictest(self.former.settings, self.present) if self.was_guarded else Policy(settings=self.present)
        if self.max_age_days is None:
            return found
        return replace(found, settings=replace(found.settings, max_age_days=self.max_age_days, max_age={}))

    @property
    def discovery(self) -> SpecGuardSettings:
        """The settings by which specs are found: what only the change excludes stays a spec."""
        return replace(self.present, exclude=self.policy.settings.exclude)

    @property
    def former_folders(self) -> tuple[str, ...]:
        """The names of the folders of specs at the base; none where the base was not guarded."""
        return self.former.folders if self.was_guarded else ()

    @cached_property
    def was_guarded(self) -> bool:
        """Whether the base had settings of ours, or specs that can be read; else nothing of it can be loosened."""
        former = self.former
        if former.settings is self.present or former.has_table:
            return True
        comparison = self.compare()
        changed, tree = comparison.paths, comparison.tree
        blobs = {
            path: item.blob
            for path, item in changed.items()
            if item.blob and is_spec(path, former.folders, former.settings)
        }
        contents = tree.blobs(list(dict.fromkeys(blobs.values())))
        folders = plain_folders(self.root, former.folders)
        same = set(tree.files(folders)) - changed.keys() if folders else ()
        reading = replace(self.reading, settings=former.settings.reading)
        then = (parse(contents[blob], path=path, reading=reading) for path, blob in blobs.items())
        paths = existing_specs(self.root, same, folders, former.settings)
        specs = (*(read_spec(self.root, path, reading) for path in paths), *then)
        return any(spec.declaration is not None for spec in specs)

    def ledger_at_base(self, name: str) -> bytes | None:
        """The content at the base of the ledger that the setting `name` names; None where the change leaves it alone.

        Empty where the base has no such ledger. A ledger that moves together with its setting is the same one.
        """
        path, before = getattr(self.present, name), getattr(self.former.settings, name)
        comparison = self.compare()
        if comparison.base.commit is None or not self.was_guarded:
            return None
        return comparison.former(path) if path == before else comparison.at_base(before) or b""

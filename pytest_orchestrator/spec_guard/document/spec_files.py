"""Which files of a project are specs, by the settings that find them and by what they hold."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.spec_guard.document.discovery import (
    existing_specs,
    ignored_files,
    is_no_spec,
    is_spec,
    may_be_no_spec,
)
from pytest_orchestrator.spec_guard.document.spec import SpecDocument


@dataclass(frozen=True, kw_only=True, eq=False)
class SpecFiles:
    """Tells which files of the project `root` are specs."""

    root: Path
    folders: Sequence[str]
    """Where specs are searched, relative to `root`."""
    settings: SpecGuardSettings
    document: Callable[[str], SpecDocument]
    """Reads the spec in a file."""
    absent: Callable[[str], bool] = lambda _: False
    """Whether a file that does not exist is only not checked out."""

    def among(self, listed: Iterable[str]) -> tuple[str, ...]:
        """The paths of `listed` that are specs, in their order; a template or an index is none."""
        found = existing_specs(self.root, listed, self.folders, self.settings, absent=self.absent)
        return tuple(path for path in found if not (may_be_no_spec(path) and is_no_spec(self.document(path))))

    def ignored(self, others: Iterable[str]) -> Mapping[str, int]:
        """How many of `others`, which are no specs, look like specs, by the reason why they are none."""
        return ignored_files(self.root, others, self.folders, self.settings)

    def holds_date(self, path: str) -> bool:
        """Whether a file is named like a spec, or holds the keys of specs."""
        beside = self.settings.reading.beside
        return is_spec(path, self.folders, self.settings) or (beside != "" and posixpath.basename(path) == beside)

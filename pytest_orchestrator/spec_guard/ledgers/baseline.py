"""The baseline, `tasks/spec-baseline.json`: what was wrong in the specs when the guard was adopted.

An entry holds as long as nothing changes that its finding depends on: the words of the spec, and the code that it
covers. A change can remove entries, but not add any.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pytest_orchestrator.codec.decode import Limit, encode
from pytest_orchestrator.codec.json_text import parse_json
from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import decode_utf8
from pytest_orchestrator.spec_guard.coverage.anchors import parse_anchor
from pytest_orchestrator.spec_guard.coverage.snapshot import Snapshot
from pytest_orchestrator.spec_guard.coverage.syntax import text_digest
from pytest_orchestrator.spec_guard.document.mapping import Reading
from pytest_orchestrator.spec_guard.document.spec import UNDATED, Declaration, SpecDocument

RULE = "SG022"
MAX_BYTES = 64 << 20
_NEVER_HELD = frozenset({"SG007", "SG008", "SG009", "SG015", "SG016", "SG019", "SG020", "SG021", RULE})
"""The rules about a change, about a ledger, and about there being no specs: no baseline holds their findings."""
_ABOUT_DATES = frozenset({"SG003", "SG004", "SG005", "SG010", "SG011"})
"""The rules whose findings depend on the day of the last review."""
_OF_OLD_DATES = frozenset({"SG005", "SG010", "SG011"})
"""The rules that an undated spec fails as soon as it gets the date of what it says."""

_FIX = "restore the file from git's history, or write it again: pytest-orchestrator spec baseline"
# What a message says about today, and about the history: it changes without the spec.
_PASSING = (
    (re.compile(r"\d{4}-\d\d-\d\d"), "DATE"),
    (re.compile(r"\d+ days?"), "N days"),
    (re.compile(r"\b(?=[a-f]*\d)[0-9a-f]{7,40}\b"), "COMMIT"),
    (re.compile(r":\d+"), ":LINE"),
)


@dataclass(frozen=True, kw_only=True)
class BaselineEntry:
    """One finding."""

    rule: Annotated[str, Limit(min_length=1)]
    path: Annotated[str, Limit(min_length=1)]
    what: str
    """The beginning of the finding's message, without dates, ages, commits and line numbers."""
    digest: str
    """The digest of the words of the file, and of the code that the spec covers."""
    reason: str | None = None
    """Why it was added after the adoption."""


@dataclass(frozen=True, kw_only=True)
class BaselineFile:
    """`tasks/spec-baseline.json`."""

    schema: Literal["pytest-orchestrator/spec-baseline/1"] = "pytest-orchestrator/spec-baseline/1"
    entries: tuple[BaselineEntry, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class ContentDigests:
    """Computes the digest of what the findings on a file depend on, when it is first needed, and once."""

    root: Path
    snapshot: Snapshot
    reading: Reading
    spec: Callable[[str], SpecDocument | None]
    """Returns the spec in a file; None for another file."""
    _known: dict[str, str] = field(init=False, repr=False, default_factory=dict)

    def of(self, path: str, *, dated: bool) -> str | None:
        """The digest of what a spec says and covers, or of a file's words; None for one that can't be read.

        The title and, unless `dated`, the date don't count, so that neither a review nor a stamp is a change.
        """
        content, spec = self._content(path), self.spec(path)
        if content is None or spec is None or not dated:
            return content
        return self._with_date(content, spec.last_review)

    def undated(self, path: str) -> str | None:
        """The digest that the spec in a file would have without a date; None for a file that is no spec."""
        content = None if self.spec(path) is None else self._content(path)
        return None if content is None else self._with_date(content, None)

    def _with_date(self, content: str, day: date | None) -> str:
        return text_digest(f"{content} {day}")

    def _content(self, path: str) -> str | None:
        if path not in self._known:
            spec = self.spec(path)
            if spec is not None and spec.declaration is not None:
                self._known[path] = self._of_spec(spec, spec.declaration)
                return self._known[path]
            parts = (self.snapshot.read(path), self.reading.beside(path))
            if parts[0] is None and os.path.lexists(self.root / path):
                return None
            texts = [text_digest((part or b"").decode("utf-8", "surrogateescape")) for part in parts]
            self._known[path] = text_digest("\n".join(texts))
        return self._known[path]

    def _of_spec(self, spec: SpecDocument, says: Declaration) -> str:
        keys = (says.id, says.status, *sorted(says.owners), *says.covers, *says.relates_to)
        code = (str(self.snapshot.digest(parse_anchor(anchor))) for anchor in says.covers)
        return text_digest("\n".join((ascii(keys), text_digest(spec.body), *code)))


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """The baseline as it counts for a change."""

    entries: frozenset[BaselineEntry] = frozenset()
    """The entries in force, without reasons."""
    added: tuple[BaselineEntry, ...] = ()
    """The entries that the change adds to the base's baseline. They don't count."""
    adopted: bool = False
    """Whether the change itself brings the baseline: the base has none."""


def parse_baseline(text: str, *, path: str) -> BaselineFile:
    """The baseline that `text` holds.

    Raises:
        InputError: it is not JSON, has a key twice, or does not fit the schema.
    """
    return parse_json(BaselineFile, text, path=path, fix=_FIX)


def render_baseline(entries: Iterable[BaselineEntry]) -> str:
    """The file's text: sorted, and an entry a line, so that changes of it are easy to read and to merge."""
    ordered = sorted(entries, key=lambda item: (item.path, item.rule, item.what, item.digest))
    lines = ",\n".join(f"    {json.dumps(encode(item), ensure_ascii=False)}" for item in ordered)
    listed = f"[\n{lines}\n  ]" if lines else "[]"
    return f'{{\n  "schema": "{BaselineFile().schema}",\n  "entries": {listed}\n}}\n'


def baseline_in_force(present: BaselineFile, former: bytes | None, *, path: str) -> Baseline:
    """What counts of the baseline `present`.

    `former` is the file at the base: None when it did not change, empty when the base has none. A former file that
    can't be read counts as one without entries.
    """
    entries = {_plain(item): item for item in present.entries}
    if former is None or not former:
        return Baseline(entries=frozenset(entries), adopted=former is not None)
    try:
        before = {_plain(item) for item in parse_baseline(decode_utf8(former, display_path=path), path=path).entries}
    except InputError:
        before = set()
    added = tuple(item for plain, item in entries.items() if plain not in before)
    return Baseline(entries=frozenset(entries.keys() & before), added=added)


def what_of(item: Diagnostic) -> str:
    """The part of a finding's message that stays the same as long as the file and its code do."""
    text = re.split(r": | \(", item.message, maxsplit=1)[0]
    for pattern, name in _PASSING:
        text = pattern.sub(name, text)
    return text


def entry_of(
    item: Diagnostic, digests: ContentDigests, present: Collection[BaselineEntry] = frozenset()
) -> BaselineEntry | None:
    """A finding as the baseline records it; None for one that no baseline can hold, or on a file that can't be read.

    When `present`, the entries of the baseline, say that the spec has no date, this entry also holds what is wrong with
    an old date that the same spec was given since, as `spec stamp` does.
    """
    content = None if item.rule in _NEVER_HELD else digests.of(item.path, dated=item.rule in _ABOUT_DATES)
    if content is None:
        return None
    if item.rule in _OF_OLD_DATES and (digest := digests.undated(item.path)):
        undated = BaselineEntry(rule="SG003", path=item.path, what=UNDATED, digest=digest)
        if undated in present:
            return undated
    return BaselineEntry(rule=item.rule, path=item.path, what=what_of(item), digest=content)


def growth(added: Iterable[BaselineEntry]) -> Iterator[Diagnostic]:
    """A finding for each file of which a change adds entries to the baseline."""
    by_path: dict[str, list[str]] = {}
    for entry in added:
        by_path.setdefault(entry.path, []).append(entry.rule)
    for path, rules in sorted(by_path.items()):
        many = "a finding" if len(rules) == 1 else f"{len(rules)} findings"
        yield Diagnostic(
            rule=RULE,
            severity="error",
            message=f"the change adds {many} on this file to the baseline ({', '.join(sorted(set(rules)))})",
            path=path,
            range=Range.of_line(1),
            fix="correct the spec; the baseline may only shrink",
        )


def _plain(entry: BaselineEntry) -> BaselineEntry:
    return entry if entry.reason is None else replace(entry, reason=None)

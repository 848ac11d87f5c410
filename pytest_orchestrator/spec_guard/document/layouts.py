"""Recognizes where tools and conventions keep specs: OpenSpec, spec-kit, KEP, ADR, PEP, Doorstop, task specs, plain."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pytest_orchestrator.config import FrontMatterSettings, SpecStatus
from pytest_orchestrator.spec_guard.coverage import globs
from pytest_orchestrator.spec_guard.document.mapping import OTHER_TEXTS, id_in

_NOT_OURS = frozenset(
    {"node_modules", "vendor", "third_party", "site-packages", "tests", "test", "testdata", "fixtures"}
)
# `template.md`, `adr-template.md`, `NNNN-kep-template/`; not a title of many words that ends so.
_TEMPLATE = re.compile(r"(?:^|/)(?:(?:\w*[-_ ]){0,2}template(?:[-_. ][^/]*)?(?:/|\Z)|_?templates/)", re.IGNORECASE)
# What repositories keep beside their documents; names that can also be a document's topic count in capitals only.
_ASIDE = re.compile(
    r"(?:^|/)(?:(?i:change-?logs?|release[-_ ]?notes?|licen[cs]es?|copying|code[-_ ]of[-_ ]conduct|contributing)"
    r"|CHANGES|HISTORY|NEWS|NOTICE|AUTHORS|CONTRIBUTORS|MAINTAINERS|GOVERNANCE|SECURITY|SUPPORT|CREDITS|TODO)"
    r"(?:[-_. ]?v?\d[^/]*)?(?:/|\.[^/.]+\Z)"
)
_PLAIN = (
    *("specs", "docs/specs", "doc/specs", "spec", "docs/spec", "rfcs", "docs/rfcs", "docs/rfc", "proposals"),
    *("docs/proposals", "design", "docs/design", "docs/designs", "docs/architecture", "docs/requirements"),
)
_LAST_RESORT = ("docs", "doc")

Naming = Literal["folder", "file"]


@dataclass(frozen=True, kw_only=True)
class _Kind:
    name: str
    spec: str
    """A regular expression for the path of a spec; its group `top` is the folder to search."""
    naming: Naming = "file"
    """Whether the folder of a spec or its file tells its id."""
    status: SpecStatus = "approved"
    """The status of specs that name none."""
    never: tuple[str, ...] = ()
    """Names of files and folders beside specs that are never specs."""
    beside: str = ""
    statuses: tuple[str, ...] = ()
    """The statuses that its specs will have sooner or later, as the setting `statuses` names them."""


_SPEC_KIT = ("plan.md", "research.md", "data-model.md", "quickstart.md", "tasks.md", "contracts/", "checklists/")
_ADR = "adrs?|adl|decisions|decision-records?|architecture[-_]decisions?|architecture[-_]decision[-_]records?"
_NUMBERED = r"(?i:adr[-_]?)?\d{1,5}\w*[-_. ][^/]+\.(?:md|markdown|mdx|rst|adoc)"
_ENDS = ("rejected", "deprecated", "superseded*")
_KINDS = (
    _Kind(
        name="OpenSpec",
        spec=r"(?P<top>(?:.*/)?openspec/specs)/(?:.+/)?[^/]+/spec\.md",
        naming="folder",
        never=("design.md",),
    ),
    _Kind(
        name="spec-kit",
        spec=r"(?P<top>(?:.*/)?specs)/\d{3,}-[^/]+/spec\.md",
        naming="folder",
        status="draft",
        never=_SPEC_KIT,
    ),
    _Kind(
        name="KEP",
        spec=r"(?P<top>(?:.*?/)?keps)/(?:.+/)?[^/]+/README\.md",
        naming="folder",
        beside="kep.yaml",
        statuses=("provisional", "implementable", "deferred", *_ENDS, "withdrawn", "replaced"),
    ),
    _Kind(
        name="ADR",
        spec=rf"(?P<top>(?:.*/)?(?:{_ADR}))/(?:.+/)?{_NUMBERED}",
        statuses=("proposed", "accepted", *_ENDS),
    ),
    _Kind(
        name="enhancement proposals",
        spec=r"(?P<top>(?:.*/)?[a-z]{0,3}eps?)/(?:.+/)?(?i:[a-z]{0,3}ep)-\d{3,5}[^/]*\.(?:md|markdown|rst)",
        statuses=("proposed", "provisional", "deferred", "accepted", "final", *_ENDS, "withdrawn"),
    ),
    _Kind(name="task specs", spec=r"(?P<top>tasks/specs)/.+\.(?:md|markdown)", status="draft"),
)
_DOCUMENTS = _Kind(name="plain documents", spec="")


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A folder of specs, as one convention has it."""

    name: str
    folder: str
    specs: tuple[str, ...]
    naming: Naming
    status: SpecStatus
    exclude: tuple[str, ...] = ()
    """Globs of the other files below `folder` that would be taken for specs."""
    beside: str = ""
    """The name of the file beside each spec that holds its keys."""
    statuses: tuple[str, ...] = ()
    """The statuses that its specs will have sooner or later, as the setting `statuses` names them."""


def find_layouts(files: Sequence[str]) -> tuple[Layout, ...]:
    """The layouts that the paths of a repository show. Plain folders count where no convention is recognized."""
    ours = [path for path in files if not _NOT_OURS & set(path.lower().split("/")[:-1])]
    known = frozenset(ours)
    found: list[Layout] = []
    for kind in (*_KINDS, *_doorstop(ours)):
        tops: dict[str, list[str]] = {}
        spec = re.compile(kind.spec + r"\Z")
        for path in ours:
            match = spec.match(path)
            if match is None or _TEMPLATE.search(path, match.end("top")):
                continue
            if not kind.beside or posixpath.join(posixpath.dirname(path), kind.beside) in known:
                tops.setdefault(match["top"], []).append(path)
        for top, specs in tops.items():
            if not _taken(top, found):
                found.append(_layout(kind, top, specs, ours))
    for folder in _PLAIN:
        if not _taken(folder, found):
            found += _plain(folder, ours)
    if not found:
        found = [layout for folder in _LAST_RESORT for layout in _plain(folder, ours)]
    return tuple(found)


def id_patterns(layouts: Sequence[Layout]) -> tuple[str, ...]:
    """Patterns for the setting `ids` that give each spec another id, as far as the names of files and folders do.

    The id is the shortest that is unique: the name of the spec, all names below the folder, or the folder's name, too.
    """
    specs = [(path, layout) for layout in layouts for path in layout.specs]
    patterns: list[str] = []
    for form in (_short, _whole, _with_folder):
        patterns = [form(path, layout) for path, layout in specs]
        settings = FrontMatterSettings(ids=tuple(dict.fromkeys(patterns)))
        if len({id_in(path, settings) for path, _ in specs}) == len(specs):
            break
    return tuple(dict.fromkeys(patterns))


def _doorstop(files: Iterable[str]) -> Iterator[_Kind]:
    tops = [posixpath.dirname(path) for path in files if posixpath.basename(path) == ".doorstop.yml"]
    if any(tops):
        top = "|".join(re.escape(folder) for folder in tops if folder)
        yield _Kind(name="Doorstop", spec=rf"(?P<top>{top})/[A-Za-z][A-Za-z_]*[-_.]?\d+\.(?:yml|md)")


def _taken(folder: str, found: Iterable[Layout]) -> bool:
    taken = [f"{other.folder}/" for other in found]
    return any(f"{folder}/".startswith(other) or other.startswith(f"{folder}/") for other in taken)


def _plain(folder: str, files: Iterable[str]) -> list[Layout]:
    below = [path for path in files if path.startswith(f"{folder}/")]
    specs = [path for path in below if _is_markdown(path)]
    if not specs:
        specs = [path for path in below if path.endswith(OTHER_TEXTS)]
    chosen = [path for path in specs if not (_TEMPLATE.search(path) or _ASIDE.search(path, len(folder)))]
    return [_layout(_DOCUMENTS, folder, chosen, specs)] if chosen else []


def _is_markdown(path: str) -> bool:
    name = posixpath.basename(path).lower()
    return name.endswith((".md", ".markdown")) and not name.startswith("readme.")


def _layout(kind: _Kind, top: str, specs: Sequence[str], files: Iterable[str]) -> Layout:
    known = frozenset(specs)
    # The setting `ids` makes other texts specs, too.
    texts = tuple(suffix for suffix in OTHER_TEXTS if any(path.endswith(suffix) for path in specs))
    below = (path for path in files if path.startswith(f"{top}/") and path not in known)
    others = [path for path in below if _is_markdown(path) or path.endswith(texts)]
    return Layout(
        name=kind.name,
        folder=top,
        specs=tuple(specs),
        naming=kind.naming,
        status=kind.status,
        exclude=tuple(dict.fromkeys((*(f"{top}/*/{name}" for name in kind.never), *_excluding(top, others, specs)))),
        beside=kind.beside,
        statuses=kind.statuses,
    )


def _excluding(top: str, others: Sequence[str], specs: Sequence[str]) -> Iterator[str]:
    """Globs that match `others` and none of `specs`; wide ones first, for files that are still to come."""
    usable: dict[str, bool] = {}
    for path in others:
        *folders, name = path.removeprefix(f"{top}/").split("/")
        wide = [f"{top}/{'*/' * depth}{folder}/" for depth, folder in enumerate(folders) if depth]
        for glob in (*wide, f"{top}/{'*/' * len(folders)}{name}", path):
            if glob not in usable:
                usable[glob] = globs.problem(glob) is None and not globs.matching(specs, glob)
            if usable[glob]:
                yield glob
                break


def _short(path: str, layout: Layout) -> str:
    return _pattern(path, layout, layout.folder, "*")


def _whole(path: str, layout: Layout) -> str:
    return _pattern(path, layout, layout.folder, "{id}")


def _with_folder(path: str, layout: Layout) -> str:
    return _pattern(path, layout, posixpath.join(posixpath.dirname(layout.folder), "{id}"), "{id}")


def _pattern(path: str, layout: Layout, top: str, between: str) -> str:
    """The pattern for the id of a spec; `between` stands for each folder between `top` and the name of the spec."""
    *folders, name = path.removeprefix(f"{layout.folder}/").split("/")
    parts = [between] * len(folders)
    if layout.naming == "folder":
        parts[-1] = "{id}"
        return "/".join((top, *parts, name))
    return "/".join((top, *parts, "{id}" + posixpath.splitext(name)[1]))

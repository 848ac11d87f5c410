"""Finds dead references of a spec: `relates_to`, and links to files and headings of the repository."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator

from pytest_orchestrator.codec.suggest import Suggest, did_you_mean
from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.spec_guard.document.markdown import heading_anchors, links, split_target
from pytest_orchestrator.spec_guard.document.spec import SpecDocument

RULE = "SG018"
_FIX = "correct the link, or remove it"
# Targets that other tools resolve: a template's expression, and a name such as MyST's `package.module`.
_OF_A_TEMPLATE = ("{%", "{{")
_DOTTED_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_FILE = re.compile(
    r".*\.(?:md|markdown|mdx|rst|adoc|txt|html|pdf|png|jpe?g|gif|svg|webp|csv|json|ya?ml|toml|ini|cfg|xml|lock|sql|proto"
    r"|ipynb|pyi?|tsx?|m?js|jsx|css|go|rs|java|kt|[ch](?:pp)?|cs|rb|php|sh|bat|ps1|drawio|puml|mmd|zip|gz)",
    re.IGNORECASE,
)

ReadText = Callable[[str], str | None]
"""Reads a file of the project: None for a missing file, empty for a folder and for other files than Markdown."""


def dead_links(
    spec: SpecDocument, *, ids: Collection[str], read: ReadText, suggest: Suggest = did_you_mean
) -> Iterator[Diagnostic]:
    """The relations and links of `spec` whose target does not exist. `ids` are those of all specs."""
    if spec.declaration is None:
        return
    for index, target in enumerate(spec.declaration.relates_to):
        if target in ids or "://" in target:
            continue
        # A file is named from the project's root, or as a link would name it.
        if all(_missing(name, spec, read, suggest) for name in (f"/{target}", target)):
            message = (
                f"relates_to names {target!r}, which is neither a spec's id nor a file{_hint(suggest(target, ids))}"
            )
            yield spec.diagnostic(
                RULE, message, key=("relates_to", index), fix="name a spec's id, or a file of the project"
            )
    for link in links(spec.body) if "](" in spec.body or "]:" in spec.body else ():
        problem = None if _is_of_another_tool(link.target) else _missing(link.target, spec, read, suggest)
        if problem is not None:
            yield Diagnostic(
                rule=RULE,
                severity="error",
                message=f"the link to {link.target!r} has no target: {problem}",
                path=spec.path,
                range=Range.of_line(spec.body_line + link.line - 1),
                fix=_FIX,
            )


def _is_of_another_tool(target: str) -> bool:
    """Whether a target is none of a file: a template's expression, or a dotted name without the suffix of a file."""
    if target.startswith(_OF_A_TEMPLATE):
        return True
    return _DOTTED_NAME.fullmatch(target) is not None and _FILE.fullmatch(target) is None


def _missing(target: str, spec: SpecDocument, read: ReadText, suggest: Suggest) -> str | None:
    parts = split_target(target)
    if parts is None:
        return None
    path, fragment = parts
    text: str | None = spec.body
    where = spec.path
    if path:
        # A leading slash means the repository's root, as on GitHub and GitLab.
        folder = "" if path.startswith("/") else posixpath.dirname(spec.path)
        where = posixpath.normpath(posixpath.join(folder, path.lstrip("/")))
        if where == ".." or where.startswith("../"):
            return "it leaves the project"
        text = read(where)
    if text is None:
        return f"there is no {where}"
    # A line of source (`#L12`) is not a heading, and pages that aren't Markdown have their own anchors.
    if not fragment or not where.endswith((".md", ".markdown")) or fragment == "top":
        return None
    anchors = heading_anchors(text)
    if fragment in anchors or fragment.lower() in anchors:
        return None
    return f"{where} has no heading #{fragment}{_hint(suggest(fragment, anchors))}"


def _hint(clause: str) -> str:
    return f": {clause}" if clause else ""

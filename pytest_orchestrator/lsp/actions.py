"""Code actions from what patterns would change in a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lsprotocol import types

from pytest_orchestrator.commands.editor.patterns import Fix
from pytest_orchestrator.diagnostics import Edit, Range
from pytest_orchestrator.display import printable
from pytest_orchestrator.lsp.positions import Positions

FIX_PROJECT = "pytest-orchestrator.fixProject"
PLACE = types.CodeActionKind.QuickFix
REWRITE = "refactor.rewrite.pytest-orchestrator"
FIX_ALL = "source.fixAll.pytest-orchestrator"
PROJECT = "source.pytest-orchestrator.project"
KINDS = (PLACE, REWRITE, FIX_ALL, PROJECT)


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document of the client. `has_versions` is whether the client takes edits that name a version."""

    uri: str
    version: int | None
    positions: Positions
    has_versions: bool

    def edit(self, edits: Sequence[Edit]) -> types.WorkspaceEdit:
        """The edits of this document, which the client refuses once it has changed, if it knows versions."""
        found = [self.positions.edit(item) for item in edits]
        if not self.has_versions:
            return types.WorkspaceEdit(changes={self.uri: found})
        name = types.OptionalVersionedTextDocumentIdentifier(uri=self.uri, version=self.version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(text_document=name, edits=list(found))])


def code_actions(
    document: Document, fixes: Sequence[Fix], asked: types.Range, context: types.CodeActionContext
) -> list[types.CodeAction]:
    """The actions for a range of a document: at this place, in the file, in the project.

    Those for one pattern are offered where it has something to do; those for all codemods everywhere in the file.
    """
    found = _actions(document, fixes, asked, context.diagnostics)
    return [item for item in found if context.only is None or any(_is_of(item.kind, kind) for kind in context.only)]


def _actions(
    document: Document, fixes: Sequence[Fix], asked: types.Range, shown: Sequence[types.Diagnostic]
) -> Iterator[types.CodeAction]:
    for fix in fixes:
        if fix.pattern and not any(_overlaps(document.positions.range(one), asked) for one in _ranges(fix)):
            continue
        edit = document.edit(fix.edits)
        if fix.finding is not None:
            known = [
                item for item in shown if item.code == fix.pattern and item.message == printable(fix.finding.message)
            ]
            title = f"{fix.pattern}: {printable(fix.finding.fix) or 'correct this'}"
            yield types.CodeAction(title=title, kind=PLACE, diagnostics=known or None, edit=edit)
        elif not fix.whole_file:
            yield types.CodeAction(title=f"{fix.pattern}: change this statement", kind=REWRITE, edit=edit)
        elif fix.pattern:
            yield types.CodeAction(title=f"{fix.pattern}: change the whole file", kind=REWRITE, edit=edit)
        else:
            yield types.CodeAction(title="Apply all codemods to this file", kind=FIX_ALL, edit=edit)
        if fix.whole_file and fix.is_codemod:
            title = f"{fix.pattern}: change the whole project" if fix.pattern else "Apply all codemods to the project"
            command = types.Command(title=title, command=FIX_PROJECT, arguments=[document.uri, fix.pattern])
            yield types.CodeAction(title=title, kind=PROJECT, command=command)


def _ranges(fix: Fix) -> Sequence[Range]:
    return [fix.finding.range] if fix.finding is not None else [edit.range for edit in fix.edits]


def _overlaps(found: types.Range, asked: types.Range) -> bool:
    """Whether they have a line in common. A range that ends at the beginning of a line doesn't hold that line."""
    last = found.end.line - (found.end.character == 0 and found.end.line > found.start.line)
    return found.start.line <= asked.end.line and asked.start.line <= last


def _is_of(kind: types.CodeActionKind | str | None, asked: types.CodeActionKind | str) -> bool:
    name, wanted = (str(item.value if isinstance(item, types.CodeActionKind) else item) for item in (kind, asked))
    return name == wanted or name.startswith(f"{wanted}.") or not wanted

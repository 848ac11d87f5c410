"""The language server: what it offers to a client.

See https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from importlib import metadata

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from pytest_orchestrator.commands.editor.patterns import EditorPatterns
from pytest_orchestrator.commands.editor.specs import Governing
from pytest_orchestrator.config import PROJECT_FILE
from pytest_orchestrator.display import printable, printable_block
from pytest_orchestrator.errors import OrchestratorError
from pytest_orchestrator.lsp.actions import FIX_PROJECT, KINDS, Document, code_actions
from pytest_orchestrator.lsp.documents import Documents, locate, saved_text, uri_of
from pytest_orchestrator.lsp.session import Session
from pytest_orchestrator.pattern_engine.pattern import METADATA_FILE

SOURCE = "pytest-orchestrator"
OPEN_SPEC = "pytest-orchestrator.openSpec"

_SEVERITIES = {"error": types.DiagnosticSeverity.Error, "warning": types.DiagnosticSeverity.Warning}
_SETTINGS = (PROJECT_FILE, METADATA_FILE)


class EditorServer:
    """A language server for one client."""

    def __init__(self, patterns: EditorPatterns) -> None:
        kind = types.TextDocumentSyncKind.Full  # pygls takes a form feed for a line end when it applies a part
        self.language_server = LanguageServer(SOURCE, metadata.version(SOURCE), text_document_sync_kind=kind)
        self._documents = Documents(self.language_server)
        self._session = Session(self._documents, patterns, publish=self._publish, specs_judged=self._on_specs_judged)
        self._problem = ""
        self._serve_documents()
        self._serve_actions()
        self._serve_specs()

    def close(self) -> None:
        """Ask all work to stop, and wait for it."""
        self._session.close()

    # pygls marks the functions that it gets, which bound methods don't allow: therefore the functions in functions.

    def _serve_documents(self) -> None:
        server, session = self.language_server, self._session

        @server.feature(types.INITIALIZED)
        def watch_files(_: types.InitializedParams) -> None:
            self._watch_files()

        @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
        def on_open(params: types.DidOpenTextDocumentParams) -> None:
            session.forget(params.text_document.uri)
            session.request(params.text_document.uri)

        @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
        def on_change(params: types.DidChangeTextDocumentParams) -> None:
            session.request(params.text_document.uri)

        @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
        def on_save(params: types.DidSaveTextDocumentParams) -> None:
            uri = params.text_document.uri
            session.forget(uri)
            for each in self._documents.uris if uri.endswith(_SETTINGS) else (uri,):
                session.request(each)

        @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
        def on_close(params: types.DidCloseTextDocumentParams) -> None:
            session.drop(params.text_document.uri)

        @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
        def on_files(_: types.DidChangeWatchedFilesParams) -> None:
            for uri in self._documents.uris:
                session.request(uri)

    def _serve_actions(self) -> None:
        server = self.language_server

        @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=list(KINDS)))
        async def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
            uri = params.text_document.uri
            fixes = await self._session.fixes(uri) if self._documents.is_python(uri) else ()
            text = self._documents.text(uri)
            if text is None:
                return []
            workspace = server.client_capabilities.workspace
            document = Document(
                uri=uri,
                version=self._documents.version(uri),
                positions=self._documents.positions(text.content),
                has_versions=bool(workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes),
            )
            return code_actions(document, fixes, params.range, params.context)

        @server.command(FIX_PROJECT)
        async def fix_project(uri: str, pattern: str) -> None:
            await self._fix_project(uri, pattern)

    def _serve_specs(self) -> None:
        server = self.language_server

        @server.feature(types.TEXT_DOCUMENT_HOVER)
        def hover(params: types.HoverParams) -> types.Hover | None:
            line = params.position.line + 1
            found = {
                item.spec.path: _described(item)
                for item in self._session.governing(params.text_document.uri)
                if item.lines is None or line in item.lines
            }
            if not found:
                return None
            value = "\n\n".join(found.values())
            return types.Hover(contents=types.MarkupContent(kind=types.MarkupKind.PlainText, value=value))

        @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
        def lenses(params: types.CodeLensParams) -> list[types.CodeLens]:
            place = locate(params.text_document.uri)
            if place is None:
                return []
            found = []
            for item in self._session.governing(params.text_document.uri):
                at = types.Position(line=item.lines.start - 1 if item.lines else 0, character=0)
                title = printable(f"spec {item.spec.id}: {item.sentence()}" + _MOVES * item.must_move)
                command = types.Command(title=title, command=OPEN_SPEC, arguments=[uri_of(place[0], item.spec.path)])
                found.append(types.CodeLens(range=types.Range(start=at, end=at), command=command))
            return found

        @server.command(OPEN_SPEC)
        async def open_spec(uri: str) -> None:
            await server.window_show_document_async(types.ShowDocumentParams(uri=uri, take_focus=True))

    def _watch_files(self) -> None:
        """Hear of settings and specs that another program changes, if the client can tell."""
        workspace = self.language_server.client_capabilities.workspace
        watching = workspace and workspace.did_change_watched_files
        if not (watching and watching.dynamic_registration):
            return
        watchers = [types.FileSystemWatcher(glob_pattern=f"**/{name}") for name in (*_SETTINGS, "*.md")]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registration = types.Registration(id=method, method=method, register_options=options)
        self.language_server.client_register_capability(types.RegistrationParams(registrations=[registration]))

    async def _fix_project(self, uri: str, pattern: str) -> None:
        """Run a codemod, or all, on all files of the document's project, and send the client what changes."""
        place = locate(uri)
        if place is None:
            return
        root, stop = place[0], threading.Event()
        work = self._session.fix_project(root, pattern, stop.is_set)
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._session.project_thread, work)
        except OrchestratorError as error:
            self._tell(str(error), types.MessageType.Error)
            return
        finally:
            stop.set()
        if not found:
            self._tell("no file would change", types.MessageType.Info)
            return
        opened, changes = self._documents.uris_in(root), dict[str, Sequence[types.TextEdit]]()
        for path, edits in found.items():
            name = opened.get(path) or uri_of(root, path)
            positions = self._documents.positions(self._content(name))
            changes[name] = [positions.edit(edit) for edit in edits]
        await self.language_server.workspace_apply_edit_async(
            types.ApplyWorkspaceEditParams(
                edit=types.WorkspaceEdit(changes=changes),
                label=f"{pattern or 'all codemods'}: {len(changes)} files",
            )
        )

    def _publish(self, uri: str) -> None:
        positions = self._documents.positions(self._content(uri))
        found = [
            types.Diagnostic(
                range=positions.range(item.range),
                message=printable_block(item.message) + ("\n" + printable_block(item.fix) if item.fix else ""),
                severity=_SEVERITIES[item.severity],
                code=item.rule,
                source=SOURCE,
            )
            for item in self._session.findings(uri)
        ]
        self.language_server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, diagnostics=found, version=self._documents.version(uri))
        )

    def _on_specs_judged(self, problem: str) -> None:
        if problem and problem != self._problem:
            self._tell(f"specs are not checked: {problem}", types.MessageType.Warning)
        self._problem = problem
        workspace = self.language_server.client_capabilities.workspace
        if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
            self.language_server.workspace_code_lens_refresh(None)

    def _content(self, uri: str) -> str:
        text = self._documents.text(uri)
        return saved_text(uri) if text is None else text.content

    def _tell(self, message: str, kind: types.MessageType) -> None:
        shown = types.ShowMessageParams(type=kind, message=f"{SOURCE}: {printable_block(message)}")
        self.language_server.window_show_message(shown)


_MOVES = "; this change has to update it"


def _described(item: Governing) -> str:
    lines = [f"{item.title} ({item.spec.path})", f"{item.sentence()}; owners: {', '.join(item.spec.owners)}"]
    if item.must_move:
        lines.append("this change has to update the spec")
    return printable_block("\n".join(lines))

"""An editor without a screen: pytest-lsp's client, with a server of its own, in the tests' thread."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

from tests.waiting import wait_until

COMMAND = (sys.executable, "-m", "pytest_orchestrator", "lsp")
_PATIENCE_S = 60.0

Value = TypeVar("Value")


class Editor:
    """Edits files through one server. Every wait ends with an error after a minute."""

    def __init__(self, *arguments: str, capabilities: types.ClientCapabilities | None = None) -> None:
        """`arguments` are those of the server."""
        self._arguments = arguments
        self._runner = asyncio.Runner()
        self.published: dict[str, list[types.PublishDiagnosticsParams]] = {}
        self.applied: list[types.ApplyWorkspaceEditParams] = []
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self._capabilities = capabilities or client_capabilities("neovim")
        self.client = self.run(self._start())

    def run(self, work: Awaitable[Value]) -> Value:
        """Run the client until some work is done."""

        async def limited() -> Value:
            return await asyncio.wait_for(work, _PATIENCE_S)

        return self._runner.run(limited())

    async def _start(self) -> LanguageClient:

        def publish(params: types.PublishDiagnosticsParams) -> None:
            self.published.setdefault(params.uri, []).append(params)

        def apply_edit(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            self.applied.append(params)
            return types.ApplyWorkspaceEditResult(applied=True)

        client = LanguageClient(converter_factory=default_converter)
        own = {types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: publish, types.WORKSPACE_APPLY_EDIT: apply_edit}
        register_lsp_features(client, {**DEFAULT_CLIENT_FEATURES, **own})
        await client.start_io(*COMMAND, *self._arguments)
        await client.initialize_session(types.InitializeParams(capabilities=self._capabilities))
        return client

    def close(self) -> int:
        """End the server as editors do; its exit code."""
        self.run(self.client.shutdown_session())
        code = self.process.returncode
        self.run(self.client.stop())  # type: ignore[no-untyped-call]  # the package has no annotation for it
        self._runner.close()
        assert code is not None
        return code

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The server's process."""
        process = self.client._server  # the class offers no public name for it
        assert process is not None
        return process

    def until(self, predicate: Callable[[], Value]) -> Value:
        """The first true value of a predicate, asked again and again while the client receives messages."""

        def receive_and_ask() -> Value:
            self.run(asyncio.sleep(0.01))
            return predicate()

        return wait_until(receive_and_ask, timeout_s=_PATIENCE_S)

    # Documents

    def open(self, path: Path, text: str | None = None, *, language: str = "python") -> str:
        """Open a file, with its own text or another; its URI."""
        uri = path.as_uri()
        content = path.read_text() if text is None else text
        self.texts[uri], self.versions[uri] = content, 1
        item = types.TextDocumentItem(uri=uri, language_id=language, version=1, text=content)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
        return uri

    def change(self, uri: str, text: str) -> None:
        """Type: the file on disk stays as it is."""
        self.texts[uri], self.versions[uri] = text, self.versions[uri] + 1
        name = types.VersionedTextDocumentIdentifier(uri=uri, version=self.versions[uri])
        whole = types.TextDocumentContentChangeWholeDocument(text=text)
        params = types.DidChangeTextDocumentParams(text_document=name, content_changes=[whole])
        self.client.text_document_did_change(params)

    def save(self, uri: str, path: Path) -> None:
        """Write the text to disk."""
        path.write_text(self.texts[uri])
        params = types.DidSaveTextDocumentParams(text_document=types.TextDocumentIdentifier(uri=uri))
        self.client.text_document_did_save(params)

    def shut(self, uri: str) -> None:
        """Close a document."""
        params = types.DidCloseTextDocumentParams(text_document=types.TextDocumentIdentifier(uri=uri))
        self.client.text_document_did_close(params)

    # What the server says

    def shown(self, uri: str) -> set[tuple[str, int]]:
        """What is shown for a document now: rules with their lines, counted from 1."""
        newest = self.published[uri][-1].diagnostics if uri in self.published else ()
        return {(str(item.code), item.range.start.line + 1) for item in newest}

    def judged(self, uri: str) -> set[tuple[str, int]]:
        """What is shown once the newest text is judged by the linters."""
        self.until(lambda: uri in self.published and self.published[uri][-1].version == self.versions[uri])
        return self.shown(uri)

    def actions(self, uri: str, line: int, *, only: Sequence[str] | None = None) -> Mapping[str, Any]:
        """The code actions on a line, counted from 1, by their title."""
        position = types.Position(line=line - 1, character=0)
        params = types.CodeActionParams(
            text_document=types.TextDocumentIdentifier(uri=uri),
            range=types.Range(start=position, end=position),
            context=types.CodeActionContext(
                diagnostics=list(self.published[uri][-1].diagnostics) if uri in self.published else [], only=only
            ),
        )
        found = self.run(self.client.text_document_code_action_async(params)) or ()
        return {item.title: item for item in found}

    def after(self, uri: str, edit: types.WorkspaceEdit | None) -> str:
        """A document's text after an edit."""
        assert edit is not None
        edits: Sequence[Any] = (edit.changes or {}).get(uri, ())
        for change in edit.document_changes or ():
            if isinstance(change, types.TextDocumentEdit) and change.text_document.uri == uri:
                assert change.text_document.version == self.versions[uri]
                edits = change.edits
        return edited(self.texts[uri], edits)

    def hover(self, uri: str, line: int) -> str:
        """What is shown for a line."""
        params = types.HoverParams(
            text_document=types.TextDocumentIdentifier(uri=uri), position=types.Position(line=line - 1, character=0)
        )
        found = self.run(self.client.text_document_hover_async(params))
        return found.contents.value if found and isinstance(found.contents, types.MarkupContent) else ""

    def lenses(self, uri: str) -> Sequence[tuple[int, str]]:
        """The lenses of a document: lines, counted from 1, and titles."""
        params = types.CodeLensParams(text_document=types.TextDocumentIdentifier(uri=uri))
        found = self.run(self.client.text_document_code_lens_async(params)) or ()
        return [(item.range.start.line + 1, item.command.title) for item in found if item.command]

    def command(self, name: str, *arguments: str) -> None:
        """Have the server run a command."""
        params = types.ExecuteCommandParams(command=name, arguments=list(arguments))
        self.run(self.client.workspace_execute_command_async(params))


def edited(text: str, edits: Sequence[types.TextEdit]) -> str:
    """A text of ASCII after edits that don't overlap."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for edit in sorted(edits, key=lambda item: (item.range.start.line, item.range.start.character), reverse=True):
        start, end = (starts[at.line] + at.character for at in (edit.range.start, edit.range.end))
        text = text[:start] + edit.new_text + text[end:]
    return text

"""The client's documents as files of projects."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from pytest_orchestrator.commands.editor.patterns import Text
from pytest_orchestrator.config import find_root
from pytest_orchestrator.lsp.positions import Positions
from pytest_orchestrator.pattern_engine.host.workspace import SUFFIXES


class Documents:
    """The open documents of a server. A file's project is the nearest folder with a `pyproject.toml` or a `.git`."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server

    @property
    def uris(self) -> Sequence[str]:
        """The open documents."""
        return list(self._server.workspace.text_documents)

    def version(self, uri: str) -> int | None:
        """The version that the client gave to an open document."""
        document = self._server.workspace.text_documents.get(uri)
        return document.version if document else None

    def is_python(self, uri: str) -> bool:
        """Whether it is open, and Python by its name or as the client says."""
        document = self._server.workspace.text_documents.get(uri)
        return document is not None and (document.language_id == "python" or document.path.endswith(SUFFIXES))

    def text(self, uri: str) -> Text | None:
        """The text of an open document; None for one that is not open or no file, such as one that was never saved."""
        document = self._server.workspace.text_documents.get(uri)
        place = None if document is None else locate(uri)
        if document is None or place is None:
            return None
        root, path = place
        return Text(root=root, path=path, content=document.source)

    def texts(self, root: Path) -> dict[str, str]:
        """The open documents of a project, by path."""
        found = map(self.text, self.uris)
        return {text.path: text.content for text in found if text is not None and text.root == root}

    def uris_in(self, root: Path) -> dict[str, str]:
        """The client's names of the open documents of a project, by path."""
        places = {uri: locate(uri) for uri in self.uris}
        return {place[1]: uri for uri, place in places.items() if place is not None and place[0] == root}

    def positions(self, content: str) -> Positions:
        """Converts positions in a text to those of the client."""
        return Positions(content, self._server.workspace.position_encoding or "utf-16")


def locate(uri: str) -> tuple[Path, str] | None:
    """The folder of the project, and the file's path in it; None if it is no file."""
    try:
        file = Path(to_fs_path(uri) or "").resolve() if uri.startswith("file:") else None
    except (OSError, ValueError, RuntimeError):  # a name that no file can have, links in a circle
        return None
    if file is None:
        return None
    root = find_root(file.parent)
    return root, file.relative_to(root).as_posix()


def uri_of(root: Path, path: str) -> str:
    """The name of a file of a project."""
    file = root / path
    return from_fs_path(str(file)) or file.as_uri()


def saved_text(uri: str) -> str:
    """The text of a file on disk; empty if it can't be read."""
    try:
        return Path(to_fs_path(uri) or "").read_bytes().decode("utf-8", "replace")
    except (OSError, ValueError):
        return ""

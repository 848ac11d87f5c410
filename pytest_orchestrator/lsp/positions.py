"""Positions in a text: ours count lines and characters from 1, the protocol's from 0 and in the client's units.

See https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#position.
"""

from __future__ import annotations

import re

from lsprotocol import types

from pytest_orchestrator.diagnostics import Edit, Range

_LINE_END = re.compile(r"\r\n|\r|\n")
_UNIT_BYTES = {"utf-8": 1, "utf-16": 2, "utf-32": 4}


class Positions:
    """Converts positions in one text. What lies behind its end, or that of a line, becomes that end."""

    def __init__(self, text: str, encoding: types.PositionEncodingKind | str) -> None:
        """`encoding` is what client and server agreed on."""
        self._lines = _LINE_END.split(text)
        name = str(encoding.value if isinstance(encoding, types.PositionEncodingKind) else encoding)
        self._codec = "utf-8" if name == "utf-8" else f"{name}-le"
        self._unit = _UNIT_BYTES[name]

    def range(self, found: Range) -> types.Range:
        """The range as the protocol has it."""
        return types.Range(
            start=self._position(found.start_line, found.start_column),
            end=self._position(found.end_line, found.end_column),
        )

    def edit(self, edit: Edit) -> types.TextEdit:
        """The edit as the protocol has it."""
        return types.TextEdit(range=self.range(edit.range), new_text=edit.text)

    def _position(self, line: int, column: int) -> types.Position:
        if line > len(self._lines):
            line, column = len(self._lines), len(self._lines[-1]) + 1
        before = self._lines[line - 1][: max(column, 1) - 1]
        return types.Position(line=line - 1, character=len(before.encode(self._codec, "surrogatepass")) // self._unit)

"""The top of a file: the comments and empty lines above its first statement."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from pytest_orchestrator.pattern_engine.worker.slicing.slices import encoding_of, is_ordinary, newline_of
from pytest_orchestrator.pattern_engine.worker.slicing.statements import first_line, lines_of

_COMMENTS = re.compile(rb"(?:[ \t]*(?:#[^\r\n\0\f]*)?(?:\r\n|\n))*")


@dataclass(frozen=True, kw_only=True)
class Top:
    """The top of the file `data`, up to the offset `end`."""

    data: bytes
    end: int
    newline: bytes

    @property
    def module_bytes(self) -> bytes:
        """A module of the top and one statement, which a pattern is run on in place of the file."""
        return self.data[: self.end] + self._below

    def joined(self, module_bytes: bytes) -> bytes | None:
        """The file with the top of `module_bytes`; None when that has more than a top, or another encoding."""
        top = module_bytes.removesuffix(self._below)
        if top == module_bytes or not _COMMENTS.fullmatch(top):
            return None
        joined = top + self.data[self.end :]
        try:
            return joined if encoding_of(joined) == encoding_of(self.data) else None
        except SyntaxError:
            return None

    @property
    def _below(self) -> bytes:
        return b"pass" + self.newline


def top_of(data: bytes, tree: ast.Module) -> Top | None:
    """The file's top; None where it can't be parsed alone. `tree` is what Python's own parser makes of the file."""
    newline = newline_of(data)
    if newline is None or not is_ordinary(data) or not tree.body:
        return None
    end, _ = lines_of(data).offsets(first_line(tree.body[0]), first_line(tree.body[0]))
    return Top(data=data, end=end, newline=newline.encode()) if _COMMENTS.fullmatch(data[:end]) else None

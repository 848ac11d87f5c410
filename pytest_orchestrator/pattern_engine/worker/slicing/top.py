"""The top of a file: the comments and empty lines above its first statement, and nothing else."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from pytest_orchestrator.pattern_engine.worker.slicing.lines import first_line, lines_of
from pytest_orchestrator.pattern_engine.worker.slicing.slices import encoding_of, is_ordinary, newline_of

_COMMENTS = re.compile(rb"(?:[ \t]*(?:#[^\r\n\0\f]*)?(?:\r\n|\n))*")


@dataclass(frozen=True, kw_only=True)
class Top:
    """The top of the file `data`, which ends at `end`. `shown` is a module that has it above a statement of ours."""

    data: bytes
    end: int
    newline: bytes

    @property
    def shown(self) -> bytes:
        """What to show in place of the file."""
        return self.data[: self.end] + self._below

    def joined(self, shown: bytes) -> bytes | None:
        """The file with the top that is shown in `shown`; None when that is no top, or changes what the rest says."""
        top = shown.removesuffix(self._below)
        if top == shown or not _COMMENTS.fullmatch(top):
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
    """The file's top; None where that can't be told from the rest. `tree` is the file as Python's parser sees it."""
    newline = newline_of(data)
    if newline is None or not is_ordinary(data) or not tree.body:
        return None
    end, _ = lines_of(data).offsets(first_line(tree.body[0]), first_line(tree.body[0]))
    return Top(data=data, end=end, newline=newline.encode()) if _COMMENTS.fullmatch(data[:end]) else None

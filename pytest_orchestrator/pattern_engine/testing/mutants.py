"""The mutants of a pattern's code: copies with one small change each, which the pattern's cases should notice.

Documentation, messages, annotations, imports and decorators are not changed. A comment `# no mutate: reason` rules out
the mutants of its line, or of the simple statement that begins on it: for a change that makes no difference.
"""

from __future__ import annotations

import difflib
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from libcst.metadata import PositionProvider

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import read_text
from pytest_orchestrator.pattern_engine.pattern import Pattern, pattern_files
from pytest_orchestrator.pattern_engine.testing.mutations import Mutation, is_left_out, mutations, parts_without_effect
from pytest_orchestrator.python_syntax import is_valid_python

_MARK = re.compile(r"#\s*no mutate\b\s*:?\s*(.*)")
_MAX_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One file of a pattern with one thing changed in it. `file` is relative to the pattern's folder."""

    file: str
    line: int
    change: str
    """What was changed: `condition negated`."""
    advice: str
    """What a case needs to notice the change."""
    code: str
    """The whole file with the change."""
    diff: str
    """The changed lines, each with `-` before and `+` after the change."""


@dataclass(frozen=True, kw_only=True)
class Mutants:
    """All mutants of a pattern, in the order of its files and their lines; `marked` is how many comments ruled out."""

    mutants: tuple[Mutant, ...]
    marked: int


def find_mutants(pattern: Pattern) -> Mutants:
    """All mutants of the code in the pattern's folder.

    Raises:
        InputError: a file is not valid Python, or a `# no mutate` comment has no reason.
    """
    assert pattern.folder is not None  # noqa: S101 - the command line mutates only patterns with a folder
    found: dict[tuple[str, str], Mutant] = {}
    marked = 0
    for path in pattern_files(pattern.folder):
        name = path.relative_to(pattern.folder).as_posix()
        if path.suffix != ".py" or name.startswith("cases/"):
            continue
        for is_marked, mutant in _mutants(path, name, f"{pattern.id}/{name}"):
            if is_marked:
                marked += 1
            elif is_valid_python(mutant.code.encode()):
                found.setdefault((name, mutant.code), mutant)
    return Mutants(mutants=tuple(found.values()), marked=marked)


def _mutants(path: Path, name: str, display_path: str) -> Iterator[tuple[bool, Mutant]]:
    """The mutants of a file, each with whether a comment rules it out."""
    text = read_text(path, max_bytes=_MAX_BYTES, display_path=display_path).rstrip("\n") + "\n"
    try:
        module = cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        raise InputError("is not valid Python", path=display_path, line=error.raw_line) from error
    positions = cst.MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    marked = _marked_lines(text, display_path)
    for node, position in positions.items():
        if isinstance(node, cst.SimpleStatementLine) and position.start.line in marked:
            marked.update(range(position.start.line, position.end.line + 1))
    rest = text
    for statement in module.body:  # changing one of them is faster than changing the module
        old = module.code_for_node(statement)
        rest = rest.partition(old)[2]
        top = text[: len(text) - len(rest) - len(old)]
        finder = _Finder()
        statement.visit(finder)
        for node, mutation in finder.found:
            changed = statement.deep_replace(node, mutation.node)
            assert isinstance(changed, cst.CSTNode)  # noqa: S101 - a mutation removes no node
            new = module.code_for_node(changed)
            line = positions[mutation.at or node].start.line
            yield (
                line in marked,
                Mutant(
                    file=name,
                    line=line,
                    change=mutation.change,
                    advice=mutation.advice,
                    code=f"{top}{new}{rest}",
                    diff=_difference(old, new),
                ),
            )


class _Finder(cst.CSTVisitor):
    """Collects the nodes that can be mutated, with their mutations."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[cst.CSTNode, Mutation]] = []
        self._idle: set[cst.CSTNode] = set()

    def on_visit(self, node: cst.CSTNode) -> bool:
        if is_left_out(node) or node in self._idle:
            return False
        self._idle.update(parts_without_effect(node))
        self.found += [(node, mutation) for mutation in mutations(node)]
        return True


def _marked_lines(text: str, display_path: str) -> set[int]:
    """The lines with a `# no mutate` comment that has a reason."""
    found = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and (match := _MARK.match(token.string)):
            if not match[1].strip():
                raise InputError("`# no mutate` has no reason", path=display_path, line=token.start[0], fix=_FIX)
            found.add(token.start[0])
    return found


_FIX = "write `# no mutate: ` and why the change makes no difference"


def _difference(before: str, after: str) -> str:
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))[2:]
    return "\n".join(f"{line[0]} {line[1:].strip()}" for line in lines if not line.startswith("@@"))

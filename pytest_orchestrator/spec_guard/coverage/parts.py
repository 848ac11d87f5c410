"""Parts of files that an anchor names after `::`, by the kind of file.

| file | names |
|---|---|
| Python | classes, functions, methods, variables, by dotted name, see `syntax` |
| TypeScript, JavaScript, Go, Rust, Java | the same, see `languages` |
| Markdown | headings, see `sections` |
| YAML, TOML, JSON | keys, joined by dots, see `sections` |
"""

from __future__ import annotations

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.spec_guard.coverage import languages, sections
from pytest_orchestrator.spec_guard.coverage.meaning import file_digest
from pytest_orchestrator.spec_guard.coverage.syntax import (
    defines_symbol,
    find_symbol,
    parse_python,
    reads_docstrings,
    statement_lines,
    suggest_symbol,
    symbol_digest,
)


def digest_of(data: bytes, path: str, part: str, *, docstrings: bool = False) -> str | None:
    """The digest of a file's content, or of the part of it that is named; None when there is no such part.

    Raises:
        InputError: it takes too long to parse the file.
        UsageError: the parser of the file's language is not installed.
    """
    if not part:
        return file_digest(data, path, docstrings=docstrings)
    if path.endswith(sections.SUFFIXES):
        return sections.section_digest(data, path, part)
    if path.endswith(languages.SUFFIXES):
        return languages.definition_digest(data, path, part, docstrings=docstrings)
    tree = parse_python(data)
    nodes = () if tree is None else find_symbol(tree, part)
    return symbol_digest(nodes, docstrings=docstrings or reads_docstrings(data)) if nodes else None


def part_lines(data: bytes, path: str, part: str) -> tuple[range, ...]:
    """The lines, counted from 1, of each definition that is named; none where the kind of file doesn't tell them.

    Raises:
        InputError: it takes too long to parse the file.
        UsageError: the parser of the file's language is not installed.
    """
    if path.endswith(sections.SUFFIXES):
        return ()
    if path.endswith(languages.SUFFIXES):
        return languages.definition_lines(data, path, part)
    tree = parse_python(data)
    return () if tree is None else tuple(map(statement_lines, find_symbol(tree, part)))


def has_part(data: bytes, path: str, part: str) -> bool:
    """Whether `digest_of` finds the part."""
    if path.endswith((*sections.SUFFIXES, *languages.SUFFIXES)):
        return digest_of(data, path, part) is not None
    tree = parse_python(data)
    return tree is not None and defines_symbol(tree, part)


def suggest_part(data: bytes, path: str, part: str) -> str:
    """A hint which part was meant."""
    if path.endswith(sections.SUFFIXES):
        return did_you_mean(part, sections.names(data, path))
    if path.endswith(languages.SUFFIXES):
        return did_you_mean(part, languages.names(data, path))
    tree = parse_python(data)
    return f"{path} is not valid Python" if tree is None else suggest_symbol(tree, part)

"""Digests of files that stay the same when only the writing of a file changes, not what it means.

| file | what counts |
|---|---|
| Python | the syntax tree, see `syntax` |
| languages of `lexical_rules` | the tokens, see `tokens` |
| JSON, TOML, YAML | keys and values, in their order |
| Dockerfiles, makefiles, INI files, Java's properties | the lines that are no comments, see `comment_lines` |
| Markdown, reStructuredText, AsciiDoc | the lines, however they end |
| other files, and what can't be read as its language | the bytes |
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Sequence
from typing import Any

from pytest_orchestrator.codec.yaml import yaml_events
from pytest_orchestrator.spec_guard.coverage.comment_lines import without_comment_lines
from pytest_orchestrator.spec_guard.coverage.syntax import module_digest, parse_python
from pytest_orchestrator.spec_guard.coverage.tokens import source_tokens

_PROSE = (".md", ".markdown", ".rst", ".adoc")
# Comments of YAML and TOML that programs read, and ends of lines that not every reader takes for one.
_TEMPLATE = re.compile(r"#.*(?:\{\{|\{%|<%|\{\s*\"\$)|^#:|[\x85\u2028\u2029]", re.MULTILINE)
_LENGTH = 32


def file_digest(data: bytes, path: str, *, docstrings: bool = False) -> str:
    """The digest of what a file means. Docstrings and comments of documentation count if `docstrings` is true.

    Files that behave differently have different digests; the reverse does not hold for every language.
    """
    if path.endswith((".py", ".pyi")):
        tree = parse_python(data)
        if tree is not None:
            return module_digest(tree, data, docstrings=docstrings)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return _digest("bytes", data)
    tokens = source_tokens(text, path, docstrings=docstrings)
    if tokens is not None:
        return _digest("tokens", "\0".join(tokens).encode())
    spelled = without_comment_lines(text, path)
    if spelled is None:
        spelled = _spelled(text, posixpath.splitext(path)[1].lower())
    return _digest("bytes", data) if spelled is None else _digest("text", spelled.encode("utf-8", "surrogatepass"))


def same_meaning(before: bytes, after: bytes, path: str, *, docstrings: bool = False) -> bool:
    """Whether two versions of a file mean the same."""
    return before == after or file_digest(before, path, docstrings=docstrings) == file_digest(
        after, path, docstrings=docstrings
    )


def _digest(kind: str, data: bytes) -> str:
    return f"{kind}:{hashlib.sha256(data).hexdigest()[:_LENGTH]}"


def _spelled(text: str, suffix: str) -> str | None:
    """The content of a data file or of prose; None for other files."""
    if text.startswith("\ufeff"):  # many readers refuse or show it
        return None
    try:
        match suffix:
            case ".json":
                return ascii(json.loads(text, object_pairs_hook=_object, parse_int=_number, parse_float=_number))
            case ".toml":
                return _toml(text)
            case ".yaml" | ".yml":
                return _yaml(text)
            case _ if suffix in _PROSE:
                return text.replace("\r\n", "\n")
            case _:
                return None
    except (ValueError, RecursionError):
        return None


def _object(pairs: Sequence[tuple[str, Any]]) -> tuple[str, Sequence[tuple[str, Any]]]:
    # A key that is given twice means something else to each reader, so both stay.
    return "object", pairs


def _number(text: str) -> tuple[str, str]:
    return "number", text


def _toml(text: str) -> str:
    import tomllib  # 4 ms, which most projects don't pay

    if _TEMPLATE.search(text):
        raise ValueError("comments are read")
    return ascii(tomllib.loads(text, parse_float=_number))


def _yaml(text: str) -> str | None:
    # Templates and their markers are read in comments, too; some readers end a line where others don't.
    if _TEMPLATE.search(text):
        return None
    events = yaml_events(text)
    if events is None:
        return None
    # The comments at the start can say which program reads the file.
    first = re.match(r"(?:#[^\s#][^\n]*\n?|## template:[^\n]*\n?)*", text)
    return ascii((first[0] if first else "", events))

"""A script: whether Python files parse and compile. It imports nothing but the standard library.

It reads a JSON object from stdin: each path with the bytes before and after as Latin-1 text, `null` for a file that did
not exist. It writes a JSON object to stdout: for `parses` and `compiles`, the problems of files that were right before.
"""

from __future__ import annotations

import ast
import json
import sys
import warnings
from collections.abc import Callable, Mapping

Read = Callable[[bytes, str], object]


def main() -> None:
    """Read stdin, write stdout."""
    warnings.simplefilter("ignore")  # an invalid escape is no syntax error
    files: Mapping[str, tuple[str | None, str]] = json.load(sys.stdin)
    problems = {
        "parses": _problems(files, ast.parse, "does not parse"),
        "compiles": _problems(files, _compile, "does not compile"),
    }
    json.dump(problems, sys.stdout)


def _problems(files: Mapping[str, tuple[str | None, str]], read: Read, complaint: str) -> list[str]:
    problems = []
    for path, (before, after) in files.items():
        problem = _problem(read, after, path)
        if problem is not None and before is not None and _problem(read, before, path) is None:
            problems.append(f"{path} {complaint} any more: {problem}")
    return problems


def _problem(read: Read, text: str, path: str) -> str | None:
    try:
        read(text.encode("latin-1"), path)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}" if error.lineno else str(error.msg)
    except (ValueError, RecursionError, MemoryError) as error:  # NUL bytes; nesting beyond the parser's stack
        return str(error) or type(error).__name__
    return None


def _compile(data: bytes, path: str) -> object:
    return compile(data, path, "exec", dont_inherit=True)


if __name__ == "__main__":
    main()

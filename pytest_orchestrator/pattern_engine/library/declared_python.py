"""The oldest Python that the files of a folder are for, as the nearest packaging file says."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pytest_orchestrator.config import PROJECT_FILE, read_project_file
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import read_limited, read_text
from pytest_orchestrator.python_syntax import parse_quietly

Version = tuple[int, int]

_KNOWN = ((2, 7), *((3, minor) for minor in range(40)))
_KEYS = (("project", "requires-python"), ("tool", "flit", "metadata", "requires-python"))
_POETRY_KEY = ("tool", "poetry", "dependencies", "python")
_CONFIG_FILE, _SCRIPT = "setup.cfg", "setup.py"
_CONFIG_KEYS = ("python_requires", "python-requires", "requires-python", "requires_python")
_MAX_BYTES = 4 << 20
_CLAUSE = re.compile(r"(\^|~=|~|[<>=!]=?=?|)\s*([^\s,^~<>=!]+)")


@dataclass(frozen=True, kw_only=True)
class OldestPython:
    """The oldest Python that files are for, None when nothing says it; and the key and file that say it."""

    version: Version | None = None
    source: str = ""


class PackagingFiles:
    """The `pyproject.toml`, `setup.cfg` and `setup.py` in folders and above; each is read once.

    `setup.py` is not run. `shown_from` is the folder that paths in messages are relative to.
    """

    def __init__(self, shown_from: Path) -> None:
        self._shown_from = shown_from.resolve()
        self._known = cache(self._oldest)

    def oldest_python(self, folder: Path) -> OldestPython:
        """What the nearest file says that names a Python, at or above `folder` and in its git repository.

        Raises:
            InputError: a file that is looked at can't be read, or names the versions in a wrong way.
        """
        return self._known(folder.resolve())

    def _oldest(self, folder: Path) -> OldestPython:
        for declared in self._declared(folder):
            return declared
        if (folder / ".git").exists() or folder == folder.parent:
            return OldestPython()
        return self._known(folder.parent)

    def _declared(self, folder: Path) -> Iterator[OldestPython]:
        if (folder / PROJECT_FILE).is_file():
            yield from self._project_file(folder)
        if (folder / _CONFIG_FILE).is_file():
            yield from self._config_file(folder / _CONFIG_FILE)
        if (folder / _SCRIPT).is_file():
            yield from self._script(folder / _SCRIPT)

    def _project_file(self, folder: Path) -> Iterator[OldestPython]:
        path = folder / PROJECT_FILE
        try:
            project = read_project_file(folder)
        except InputError as error:
            raise InputError(error.message, path=self._shown(path), line=error.line, fix=error.fix) from error
        for key in (*_KEYS, _POETRY_KEY):
            declared = project.under(*key)
            if declared is not None:
                specifiers = _from_poetry(str(declared)) if key == _POETRY_KEY else [str(declared)]
                name = f"{key[-1]} of poetry" if key == _POETRY_KEY else key[-1]
                yield self._admitted(name, declared, specifiers, path, project.line(*key))

    def _config_file(self, path: Path) -> Iterator[OldestPython]:
        import configparser

        text = read_text(path, max_bytes=_MAX_BYTES, display_path=self._shown(path))
        parser = configparser.RawConfigParser()
        try:
            parser.read_string(text)
        except configparser.Error as error:
            line = getattr(error, "lineno", None)
            raise InputError(
                "is not a valid configuration file", path=self._shown(path), line=line, fix="correct it"
            ) from error
        for section in ("options", "metadata"):
            for key in _CONFIG_KEYS:
                if parser.has_option(section, key):
                    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.startswith(key)]
                    declared = parser.get(section, key)
                    yield self._admitted(key, declared, [declared], path, lines[0] if lines else None)

    def _script(self, path: Path) -> Iterator[OldestPython]:
        tree = parse_quietly(read_limited(path, max_bytes=_MAX_BYTES, display_path=self._shown(path)))
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call)) if tree is not None else ()
        for keyword in (keyword for call in calls if _is_setup(call.func) for keyword in call.keywords):
            if keyword.arg == "python_requires":
                declared = _constant(keyword.value, tree)
                if declared is None:  # computed: it can't be known without running the script
                    yield OldestPython()
                else:
                    yield self._admitted(keyword.arg, declared, [declared], path, keyword.value.lineno)

    def _admitted(
        self, key: str, declared: object, specifiers: Sequence[str], path: Path, line: int | None
    ) -> OldestPython:
        from packaging.specifiers import InvalidSpecifier, SpecifierSet

        try:
            admitted = [SpecifierSet(each) for each in specifiers]
        except InvalidSpecifier as error:
            raise InputError(
                f"{key}: {declared!r} is not a version specifier",
                path=self._shown(path),
                line=line,
                fix='write one such as ">=3.11"',
            ) from error
        for major, minor in _KNOWN:
            if any(f"{major}.{minor}.{patch}" in each for each in admitted for patch in (0, 99)):
                return OldestPython(version=(major, minor), source=f"{key} in {self._shown(path)}")
        return OldestPython()

    def _shown(self, path: Path) -> str:
        return Path(os.path.relpath(path, self._shown_from)).as_posix()


def _is_setup(function: ast.expr) -> bool:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name == "setup"
        case _:
            return False


def _constant(value: ast.expr, tree: ast.Module | None) -> str | None:
    """The text that an expression spells, or that the one assignment to its name does."""
    if isinstance(value, ast.Name) and tree is not None:
        found = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name) and target.id == value.id
        ]
        return _constant(found[0], None) if len(found) == 1 else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def _from_poetry(constraint: str) -> list[str]:
    """The specifiers (PEP 440) for a constraint of poetry: each admits what one of its alternatives does."""
    alternatives = re.split(r"\|\|?", constraint)
    return [",".join(filter(None, map(_from_poetry_clause, _CLAUSE.findall(each)))) for each in alternatives]


def _from_poetry_clause(clause: tuple[str, str]) -> str:
    operator, version = clause
    if version == "*":
        return ""
    numbers = [int(number) for number in re.findall(r"\d+", version)]
    match operator:
        case "^" if numbers:
            return f">={version},<{numbers[0] + 1}"
        case "~" if len(numbers) > 1:
            return f">={version},<{numbers[0]}.{numbers[1] + 1}"
        case "~" if numbers:
            return f">={version},<{numbers[0] + 1}"
        case "" | "=":
            return f"=={version}"
        case _:
            return f"{operator}{version}"

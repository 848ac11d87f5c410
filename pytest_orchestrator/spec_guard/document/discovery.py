"""Finds the specs of a project in its files, and reads them."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable
from pathlib import Path

from pytest_orchestrator.config import PROJECT_FILE, SpecGuardSettings, setting_line
from pytest_orchestrator.display import printable
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import read_limited, read_text
from pytest_orchestrator.spec_guard.document.spec import MAX_BYTES, SpecDocument, parse, unreadable

DEFAULT_PATHS = ("tasks/specs", "specs", "docs/specs")
_SUFFIXES = (".md", ".markdown")
_ASIDE = re.compile(r"_?index|template(?:[-_.].*)?|.*[-_.]template|_template.*")
_SETTING = "tool.pytest_orchestrator.spec_guard.paths"
_MAX_LINKED_BYTES = 10 << 20


def find_folders(root: Path, settings: SpecGuardSettings) -> tuple[str, ...]:
    """The folders and files of `paths`, POSIX and relative to `root`; of the default ones those that exist.

    Raises:
        InputError: a configured path is absent, is outside of the project, or goes through a symbolic link.
    """
    if settings.paths is None:
        return tuple(name for name in DEFAULT_PATHS if (root / name).is_dir() and not _goes_through_link(root, name))
    return tuple(dict.fromkeys(_checked(root, name) for name in settings.paths))


def is_spec(path: str, folders: Iterable[str]) -> bool:
    """Whether a path names a spec: a Markdown file below one of `folders` but no README, or one of `folders` itself."""
    name = posixpath.basename(path).lower()
    markdown = name.endswith(_SUFFIXES) and not name.startswith("readme.")
    return any(path == folder or (markdown and (folder == "." or path.startswith(folder + "/"))) for folder in folders)


def may_be_no_spec(path: str) -> bool:
    """Whether a path is named like a template or an index, which need no front matter."""
    return _ASIDE.fullmatch(posixpath.splitext(posixpath.basename(path))[0].lower()) is not None


def is_no_spec(spec: SpecDocument) -> bool:
    """Whether a file that is named like a template or an index is one: it declares no code, an index not even an id."""
    is_index = "index" in posixpath.basename(spec.path).lower()
    return may_be_no_spec(spec.path) and (spec.declaration is None if is_index else not spec.covers)


def existing_specs(root: Path, listed: Iterable[str], folders: Iterable[str]) -> tuple[str, ...]:
    """The paths of `listed` that name specs and exist. Git also lists deleted files."""
    names, start = tuple(folders), str(root)
    # Joined as text: a thousand Path objects take as long as reading a hundred files.
    found = (path for path in listed if is_spec(path, names) and os.path.lexists(f"{start}/{path}"))
    # Git's index may still hold as a link what is a folder by now.
    return tuple(path for path in found if path not in names or not (root / path).is_dir())


def walk_files(root: Path, folders: Iterable[str]) -> tuple[str, ...]:
    """Every file below `folders`, sorted; for a project without a repository."""
    found: set[str] = set()
    for folder in folders:
        start = root / folder
        if start.is_file():
            found.add(folder)
        for where, _, names in os.walk(start):
            found.update((Path(where) / name).relative_to(root).as_posix() for name in names)
    return tuple(sorted(found))


def read_spec(root: Path, path: str) -> SpecDocument:
    """The spec in the file `path`. Never raises: a file that cannot be read is a spec with a problem."""
    if printable(path) != path:
        fix = "rename it: without control characters, and in UTF-8"
        return unreadable(printable(path), InputError("has a name that can't be printed", path=path, fix=fix))
    try:
        # A Path for each of ten thousand specs takes as long as reading them.
        return parse(read_limited(f"{root}/{path}", max_bytes=MAX_BYTES, display_path=path, follow=False), path=path)
    except InputError as error:
        linked = InputError("is a symbolic link", path=path, fix="replace the link by the file")
        return unreadable(path, linked if (root / path).is_symlink() else error)


def read_linked(root: Path, path: str) -> str | None:
    """The text of a Markdown file that specs link to; empty for a folder and for other files, None for no file."""
    where = root / path
    if not where.exists():
        return None
    if not path.endswith(_SUFFIXES) or where.is_dir():
        return ""
    try:
        return read_text(where, max_bytes=_MAX_LINKED_BYTES, display_path=path)
    except InputError:
        return ""


def _checked(root: Path, name: str) -> str:
    normal = posixpath.normpath(name)
    if not name or posixpath.isabs(normal) or normal.split("/")[0] == "..":
        raise _unusable(root, f"{name!r} is not in the project", fix="name it relative to the project")
    if not (root / normal).exists():
        raise _unusable(root, f"{name!r} does not exist", fix="correct the path, or make the folder")
    if _goes_through_link(root, normal):
        raise _unusable(root, f"{name!r} goes through a symbolic link", fix="name the folder itself")
    return normal


def _unusable(root: Path, message: str, *, fix: str) -> InputError:
    line = setting_line(root, "spec_guard", "paths")
    return InputError(f"{_SETTING}: {message}", path=PROJECT_FILE, line=line, fix=fix)


def _goes_through_link(root: Path, name: str) -> bool:
    return (root / name).resolve() != root.resolve() / name

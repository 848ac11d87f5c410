"""Finds the specs of a project in its files, and reads them."""

from __future__ import annotations

import os
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from pytest_orchestrator.config import PROJECT_FILE, SpecGuardSettings, setting_line
from pytest_orchestrator.display import printable
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import read_limited, read_text
from pytest_orchestrator.spec_guard.coverage import globs
from pytest_orchestrator.spec_guard.document.mapping import NATIVE, OTHER_TEXTS, Reading, is_yaml, names_file
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


def folder_names(settings: SpecGuardSettings) -> tuple[str, ...]:
    """The folders of `paths`, or the default ones, whether they exist or not."""
    return DEFAULT_PATHS if settings.paths is None else tuple(map(posixpath.normpath, settings.paths))


def plain_folders(root: Path, names: Iterable[str]) -> tuple[str, ...]:
    """Those of `names` that are in the project and that no symbolic link leads to, sorted; they need not exist."""
    return tuple(name for name in sorted(names) if is_inside(name) and not _goes_through_link(root, name))


def is_inside(path: str) -> bool:
    """Whether a path of a setting names something in the project."""
    normal = posixpath.normpath(path)
    return bool(path) and "\0" not in path and not posixpath.isabs(normal) and normal.split("/")[0] != ".."


def is_spec(path: str, folders: Iterable[str], settings: SpecGuardSettings | None = None) -> bool:
    """Whether a path names a spec: a Markdown file below one of `folders` but no README, or one of `folders` itself.

    By `settings`, a README, YAML file or other text whose path tells its id is a spec, too, and what is excluded is
    none.
    """
    return why_ignored(path, folders, settings) is None


def why_ignored(path: str, folders: Iterable[str], settings: SpecGuardSettings | None = None) -> str | None:
    """Why a file is no spec, in a word or two; None when it is one. Empty for a file that nobody would take for one."""
    below = path in folders or any(folder == "." or path.startswith(folder + "/") for folder in folders)
    if not below:
        return ""
    if settings is not None and settings.exclude and globs.matches(path, settings.exclude):
        return "excluded"
    name = posixpath.basename(path).lower()
    markdown = name.endswith(_SUFFIXES)
    readme = markdown and name.startswith("readme.")
    if path in folders or (markdown and not readme):
        return None
    other = name.endswith(OTHER_TEXTS)
    if (readme or other or is_yaml(name)) and settings is not None and names_file(path, settings.front_matter):
        return None
    return "README" if readme else f"{posixpath.splitext(name)[1]} (not Markdown)" if other else ""


def may_be_no_spec(path: str) -> bool:
    """Whether a path is named like a template or an index, which need no front matter."""
    return _ASIDE.fullmatch(posixpath.splitext(posixpath.basename(path))[0].lower()) is not None


def is_no_spec(spec: SpecDocument) -> bool:
    """Whether a file that is named like a template or an index is one: it declares no code, an index not even an id."""
    is_index = "index" in posixpath.basename(spec.path).lower()
    # What only the settings and the path tell is no declaration.
    declares = spec.declaration is not None and bool(spec.lines)
    return may_be_no_spec(spec.path) and (not declares if is_index else not spec.covers)


def existing_specs(
    root: Path,
    listed: Iterable[str],
    folders: Iterable[str],
    settings: SpecGuardSettings | None = None,
    *,
    absent: Callable[[str], bool] = lambda _: False,
) -> tuple[str, ...]:
    """The paths of `listed` that name specs and exist. Git also lists deleted files.

    `absent` is whether a file that does not exist is only not checked out.
    """
    names, start = tuple(folders), str(root)
    # Joined as text: a thousand Path objects take as long as reading a hundred files.
    found = (
        path
        for path in listed
        if is_spec(path, names, settings) and (os.path.lexists(f"{start}/{path}") or absent(path))
    )
    # Git's index may still hold as a link what is a folder by now.
    return tuple(path for path in found if path not in names or not (root / path).is_dir())


def ignored_files(
    root: Path, listed: Iterable[str], folders: Iterable[str], settings: SpecGuardSettings
) -> Mapping[str, int]:
    """How many of the files `listed` below `folders` look like specs, by the reason why they are none.

    A file that only its content makes none is a template or an index.
    """
    names = tuple(folders)
    found_reasons = ((path, why_ignored(path, names, settings)) for path in listed)
    reasons = ((path, "template or index" if why is None else why) for path, why in found_reasons)
    found = Counter(why for path, why in reasons if why and os.path.lexists(f"{root}/{path}"))
    return dict(sorted(found.items()))


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


def read_spec(root: Path, path: str, reading: Reading = NATIVE) -> SpecDocument:
    """The spec in the file `path`. Never raises: a file that cannot be read is a spec with a problem."""
    if printable(path) != path:
        fix = "rename it: without control characters, and in UTF-8"
        return unreadable(printable(path), InputError("has a name that can't be printed", path=path, fix=fix))
    try:
        # A Path for each of ten thousand specs takes as long as reading them.
        data = read_limited(f"{root}/{path}", max_bytes=MAX_BYTES, display_path=path, follow=False)
        return parse(data, path=path, reading=reading)
    except InputError as error:
        linked = InputError("is a symbolic link", path=path, fix="replace the link by the file")
        return unreadable(path, linked if (root / path).is_symlink() else error)


def read_beside(root: Path, path: str) -> bytes | None:
    """The content of a file that holds keys of a spec; None where there is none, or it can't be read."""
    try:
        return read_limited(root / path, max_bytes=MAX_BYTES, follow=False)
    except InputError:
        return None


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

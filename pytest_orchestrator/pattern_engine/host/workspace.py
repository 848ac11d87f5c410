"""A tree of Python files that patterns may change: selecting, reading and writing files."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache as cached
from functools import cached_property
from pathlib import Path, PurePosixPath

from pytest_orchestrator.display import shorten
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import read_limited, write_atomic
from pytest_orchestrator.glob_pattern import glob_pattern

SUFFIXES = (".py", ".pyi", ".pyw")
MAX_FILE_BYTES = 32 << 20
_SCRIPT = re.compile(rb"#!\s*\S*(?:/env(?:\s+-\S+)*\s+|/)python[0-9.]*w?(?:\s|$)")
_MAX_LINE_BYTES = 256
_MAX_PATH_CHARACTERS = 4096  # Linux has no longer ones
_NEVER = frozenset({".git", ".hg", ".svn", "__pycache__", "node_modules"})


class ChangedError(InputError):
    """The file on disk is no longer the one that was read."""


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """A file as it was read. `path` is relative to its workspace, in POSIX form."""

    path: str
    data: bytes

    @cached_property
    def sha256(self) -> str:
        """The digest of the bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Workspace:
    """The Python files below `root`. Links are never followed, and nothing outside `root` is touched.

    `texts` are read in place of the files of these names, such as what an editor has not saved yet.
    """

    root: Path
    texts: Mapping[str, bytes] = field(default_factory=dict)

    def select(self, paths: Sequence[str] = ()) -> tuple[str, ...]:
        """The Python files that `paths` name, relative to the root in POSIX form, sorted; without `paths` all files.

        A path is a file, a folder or a glob (`**` crosses folders). A script without one of the suffixes is selected
        only by its name. Folders of version control, byte code and virtual
        environments are skipped, unless they are named themselves. A folder that can't be listed is selected itself:
        reading it then tells why.

        Raises:
            InputError: a path is outside of the workspace, is a link, does not exist, or a glob matches nothing.
        """
        found = {file for files in self.named(paths or (".",)).values() for file in files}
        return tuple(sorted(found))

    def named(self, paths: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """The Python files that each of `paths` names, as `select` finds them. All globs share one look at the disk.

        Raises:
            InputError: as `select`.
        """
        everything = cached(lambda: tuple(self._walk(self.root)))
        return {path: tuple(self._named(path, everything)) for path in paths}

    def read(self, path: str) -> bytes:
        """The file's bytes.

        Raises:
            InputError: it can't be read, or is larger than any source code.
        """
        if (text := self.texts.get(path)) is not None:
            return text
        return read_limited(self._inside(path), max_bytes=MAX_FILE_BYTES, display_path=path)

    def size(self, path: str) -> int:
        """The file's size in bytes; 0 if it can't be read."""
        try:
            return os.lstat(self.root / path).st_size
        except OSError:
            return 0

    def write(self, file: SourceFile, data: bytes) -> None:
        """Replace the file by `data` in one step, keeping its mode, if it still holds what was read.

        Raises:
            ChangedError: it holds something else.
            InputError: it can't be written.
        """
        if self.read(file.path) != file.data:
            raise ChangedError("was changed by another program", path=file.path, fix="run the patterns again")
        target = self.root / file.path
        # Replacing a file needs no permission on the file itself, but a file that is read-only is meant to stay.
        if not os.access(target, os.W_OK):
            raise InputError("is not writable", path=file.path, fix="make it writable")
        try:
            write_atomic(target, data)
        except OSError as error:
            raise InputError(f"can't be written: {error.strerror or error}", path=file.path) from error

    def _named(self, path: str, everything: Callable[[], Sequence[str]]) -> Iterator[str]:
        relative = self._relative(path)
        location = self.root / relative
        if not os.path.lexists(location) and re.search(r"[*?\[]", path):
            yield from self._globbed(relative.as_posix(), everything())
            return
        self._inside(relative.as_posix())
        if not os.path.lexists(location):
            raise InputError("does not exist in the workspace", path=path)
        if location.is_dir():
            yield from self._walk(location)
        elif not location.is_file():
            raise InputError("is not a regular file", path=path)
        elif location.suffix not in SUFFIXES and not _is_script(location):
            raise InputError(
                "is not a Python file", path=path, fix="name .py, .pyi or .pyw files, Python scripts, folders or globs"
            )
        else:
            yield relative.as_posix()

    def _globbed(self, glob: str, files: Sequence[str]) -> Iterator[str]:
        if len(glob) > _MAX_PATH_CHARACTERS:
            raise InputError("is longer than any path", path=shorten(glob), fix="write a shorter glob")
        try:
            matches = glob_pattern(glob).match
        except re.error as error:
            raise InputError(f"is not a valid glob: {error.msg}", path=glob) from error
        found = [path for path in files if matches(path)]
        if not found:
            raise InputError("matches no Python file of the workspace", path=glob)
        yield from found

    def _walk(self, folder: Path) -> Iterator[str]:
        """The Python files below `folder`. Strings, for there may be thousands."""
        prefix = "" if folder == self.root else f"{folder.relative_to(self.root).as_posix()}/"
        yield from _python_files(str(folder), prefix)

    def _relative(self, path: str) -> PurePosixPath:
        relative = PurePosixPath(path)
        if not path or "\0" in path:
            raise InputError(f"{path!r} is no path", fix="name files, folders or globs inside the workspace")
        if relative.is_absolute() or ".." in relative.parts:
            raise InputError(
                "is outside of the workspace", path=path, fix="name it relative to the workspace, without .."
            )
        return relative

    def _inside(self, path: str) -> Path:
        """The absolute path of `path`. A symbolic link in any of its parts is refused."""
        location = str(self.root)
        parts = self._relative(path).parts
        for number, part in enumerate(parts):
            location = f"{location}{os.sep}{part}"
            if os.path.islink(location):  # noqa: PTH114 - asked for each folder of each file
                link = "/".join(parts[: number + 1])
                raise InputError("is a symbolic link; links are not followed", path=link, fix="name its target")
        return Path(location)


def _is_script(path: Path) -> bool:
    """Whether the file's first line says that Python runs it."""
    try:
        with path.open("rb") as stream:
            return _SCRIPT.match(stream.readline(_MAX_LINE_BYTES)) is not None
    except OSError:
        return False


def below(root: Path, path: str) -> str:
    """An absolute path relative to `root`, if it is below it; any other path as it is.

    The absolute path may lead to `root` through symbolic links. Links below `root` stay.
    """
    pure = Path(path)
    if not pure.is_absolute() or "\0" in path or ".." in pure.parts:
        return path
    for folder in (*reversed(pure.parents), pure):
        if folder == root or _is_same(folder, root):
            return pure.relative_to(folder).as_posix()
    return path


def _is_same(folder: Path, other: Path) -> bool:
    try:
        return folder.samefile(other)
    except OSError:
        return False


def _python_files(root: str, prefix: str) -> Iterator[str]:
    """The Python files below `root`, `prefix` before their paths, and folders that can't be listed."""
    pending = [(root, prefix)]
    while pending:
        folder, prefix = pending.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        # A virtual environment has a pyvenv.cfg (PEP 405).
                        if entry.name not in _NEVER and not os.path.lexists(f"{entry.path}/pyvenv.cfg"):
                            pending.append((entry.path, f"{prefix}{entry.name}/"))
                    elif entry.name.endswith(SUFFIXES) and entry.is_file(follow_symlinks=False):
                        yield prefix + entry.name
        except OSError:
            yield prefix.rstrip("/") or "."

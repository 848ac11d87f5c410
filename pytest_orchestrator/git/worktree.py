"""The state of the user's repository and its changes. Only reads, with few processes."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pytest_orchestrator.errors import GitError, ProcessError
from pytest_orchestrator.git.command import Git, user_git

_REGULAR_FILE = ("100644", "100755")
_ZEROS = re.compile(r"0+\Z")
_RULES = frozenset({".gitignore", ".gitattributes"})
_SLOW_S = 120.0
_QUICK_S = 20.0


@dataclass(frozen=True, kw_only=True)
class ChangedPath:
    """A file that differs. `blob` is the id of its former content; None if it was absent or not a regular file."""

    path: str
    blob: str | None = None
    untracked: bool = False
    staged: str | None = None
    """The id of its content in the index, where that differs from HEAD's."""


class TrackedFile(NamedTuple):
    """A file in the index: its mode, and the id of its content, which is a commit for a submodule."""

    mode: int
    blob: str
    unwatched: str = ""
    """Why git does not look for changes of it: `assume-unchanged`, `skip-worktree`, or empty."""


@dataclass(frozen=True, kw_only=True)
class WorkTree:
    """A repository's working tree, seen from the folder `git.cwd`; all paths are POSIX and relative to it."""

    git: Git
    prefix: str
    """The folder's path in the repository: empty, or ending with a slash."""
    head: str | None
    """The commit that is checked out; None before the first commit."""
    shallow: bool
    common_dir: Path
    """The git directory that all working trees of the repository share."""
    patience_s: float = 20.0
    """After how long a call that reads the working tree is suspected to wait for a file that is none."""
    _blocked: list[GitError] = field(default_factory=list, init=False, repr=False, compare=False)
    """The error of the call that waited: the next one would wait as long."""

    def files(self, folders: Sequence[str]) -> tuple[str, ...]:
        """The files below `folders`, sorted: tracked ones, even if deleted, and untracked ones that are not ignored."""
        arguments = ("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *folders)
        listed = self._scan("--literal-pathspecs", *arguments)
        return tuple(sorted({os.fsdecode(name) for name in listed.split(b"\0") if name}))

    def tracked(self) -> Mapping[str, TrackedFile]:
        """The files in the index, deleted ones too. Unlike `files`, this does not read the working tree."""
        listed = os.fsdecode(self.git.output("ls-files", "-z", "--stage", "-v"))
        found: dict[str, TrackedFile] = {}
        for record in listed.split("\0")[:-1]:  # <tag> <mode> <id> <stage> TAB <path>
            head, _, path = record.partition("\t")
            unwatched = "" if head[0] in "HM" else "skip-worktree" if head[0] in "Ss" else "assume-unchanged"
            found[path] = TrackedFile(_mode(head[2:8]), head[9:-2], unwatched)
        return found

    def search(self, pattern: str, folders: Sequence[str]) -> tuple[str, ...]:
        """The tracked files below `folders` with a line that matches a POSIX extended regular expression."""
        options = (
            "-l",
            "-z",
            "-a",
            "-E",
            "--color=never",
            "--no-textconv",
            "--no-full-name",
            "--no-recurse-submodules",
        )
        completed = self.git.call("--literal-pathspecs", "grep", *options, "-e", pattern, "--", *folders)
        if completed.returncode not in (0, 1):
            raise GitError(f"git grep failed: {completed.stderr.decode('utf-8', 'replace').strip()}")
        return tuple(os.fsdecode(name) for name in completed.stdout.split(b"\0") if name)

    def commit(self, revision: str) -> str | None:
        """The full id of the commit that `revision` names, or None when there is none."""
        completed = self.git.call("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        return completed.stdout.decode().strip() or None if completed.returncode == 0 else None

    def merge_base(self, commit: str) -> str | None:
        """The newest commit that `commit` and HEAD have in common, or None when no common one is known here."""
        completed = self.git.call("merge-base", commit, self.head or "HEAD")
        if completed.returncode not in (0, 1):
            message = completed.stderr.decode("utf-8", "replace").strip()
            raise GitError(f"git merge-base failed: {message}", fix="fetch the missing history: git fetch --unshallow")
        return completed.stdout.decode().split("\n", 1)[0] or None

    def remotes(self) -> tuple[str, ...]:
        """The names of the remotes, `origin` first."""
        return tuple(sorted(self.git.configured["remote"], key=lambda name: (name != "origin", name)))

    def refs(self, *patterns: str) -> Mapping[str, str]:
        """The refs that match `patterns` (as `git for-each-ref` understands them), and their commits."""
        listed = self.git.output("for-each-ref", "--format=%(objectname) %(refname)", *patterns)
        pairs = (line.split(" ", 1) for line in listed.decode("utf-8", "surrogateescape").splitlines())
        return {name: commit for commit, name in pairs}

    def committed_changes(self, since: str) -> tuple[ChangedPath, ...]:
        """The differences between the commit `since` and HEAD; a rename is a deletion and an addition."""
        arguments = ("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-relative", "--full-index")
        listed = self.git.output(*arguments, since, self.head or "HEAD", "--", ".")
        # ":<old mode> <new mode> <old id> <new id> <status>" NUL "<path>" NUL, as `git help diff-tree` says.
        fields = os.fsdecode(listed).split("\0")
        return self._changed(
            (path, *head.lstrip(":").split(" ")[0:3:2]) for head, path in zip(fields[::2], fields[1::2], strict=False)
        )

    def uncommitted_changes(self) -> tuple[ChangedPath, ...]:
        """The differences between HEAD, the index and the working tree, and untracked files that are not ignored.

        A submodule differs when its commit differs; changes of files inside it do not count.
        """
        options = ("--porcelain=v2", "-z", "--untracked-files=all", "--no-renames")
        listed = self._scan("status", *options, "--", ".")
        found: list[tuple[str, ...]] = []
        untracked: list[str] = []
        for record in os.fsdecode(listed).split("\0"):
            match record[:1]:
                case "1":  # 1 XY sub mH mI mW hH hI path
                    _, _, _, mode, _, _, blob, staged, path = record.split(" ", 8)
                    found.append((path, mode, blob, *([staged] if staged != blob else ())))
                case "u":  # u XY sub m1 m2 m3 mW h1 h2 h3 path: "ours" (stage 2) is what HEAD holds
                    _, _, _, _, mode, _, _, _, blob, _, path = record.split(" ", 10)
                    found.append((path, mode, blob))
                case "?":
                    untracked.append(record[2:].rstrip("/"))
                case _:
                    continue
        changed = {item.path: item for item in self._changed(found)}
        for path in filter(None, map(self._inside, untracked)):
            former = changed.get(path)  # removed from the index, and still in the working tree
            changed[path] = ChangedPath(path=path, blob=former.blob if former else None, untracked=True)
        return tuple(changed[path] for path in sorted(changed))

    def unwatched(self) -> tuple[str, ...]:
        """The tracked files that git does not check for changes (`assume-unchanged`, `skip-worktree`)."""
        return tuple(path for path, file in self.tracked().items() if file.unwatched)

    def blobs(self, ids: Sequence[str]) -> Mapping[str, bytes]:
        """The content of the blobs `ids`."""
        if not ids:
            return {}
        try:
            data = self.git.output("cat-file", "--batch", input="".join(f"{item}\n" for item in ids).encode())
        except GitError as error:
            if found := re.search("could not fetch ([0-9a-f]+) from promisor remote", error.message):
                raise self._lacking(found[1]) from error
            raise
        contents: dict[str, bytes] = {}
        start = 0
        for item in ids:
            end = data.index(b"\n", start)
            words = data[start:end].split(b" ")
            if words[-1] == b"missing":
                raise self._lacking(item)
            size = int(words[2])
            contents[item] = data[end + 1 : end + 1 + size]
            start = end + size + 2
        return contents

    def _lacking(self, item: str) -> GitError:
        """The error for an object that this clone does not have."""
        found = self.git.call("config", "--get-regexp", r"^remote\..*\.(promisor|partialclonefilter)$").stdout
        words = [line.split(" ", 1)[-1] for line in found.decode("utf-8", "replace").splitlines()]
        if not words:
            return GitError(f"the object {item} is missing", fix="fetch the history again: git fetch --refetch")
        kind = next((word for word in words if word not in ("true", "false")), "with a promisor remote")
        return GitError(
            f"this is a partial clone ({kind}): it lacks the object {item}, and nothing is fetched during a check",
            fix="clone without --filter, or fetch everything: git fetch --refetch --no-filter",
        )

    def _scan(self, *arguments: str) -> bytes:
        """The output of a call that reads the working tree.

        Opening a named pipe such as `.gitignore` blocks git for ever. It is searched only when git takes long.
        """
        if self._blocked:
            raise self._blocked[0]
        try:
            return self.git.output(*arguments, timeout_s=self.patience_s)
        except GitError as error:
            if not isinstance(error.__cause__, ProcessError):
                raise
            pipe = _find_pipe(self.git.cwd, self.git.line("rev-parse", "--absolute-git-dir"))
            if pipe is None:  # a large repository, or a slow disk
                return self.git.output(*arguments, timeout_s=_SLOW_S)
            message = f"{pipe} is not a regular file, and git waits for it without end"
            self._blocked.append(GitError(message, fix="remove it"))
            raise self._blocked[0] from error

    def _changed(self, entries: Iterable[tuple[str, ...]]) -> tuple[ChangedPath, ...]:
        found: dict[str, ChangedPath] = {}
        for name, mode, blob, *staged in entries:
            path = self._inside(name)
            if path is not None:
                was_file = mode in _REGULAR_FILE and _ZEROS.match(blob) is None
                kept = next((item for item in staged if _ZEROS.match(item) is None), None)
                found[path] = ChangedPath(path=path, blob=blob if was_file else None, staged=kept)
        return tuple(found[path] for path in sorted(found))

    def _inside(self, path: str) -> str | None:
        return path[len(self.prefix) :] if path.startswith(self.prefix) else None


@cache
def _mode(text: str) -> int:
    return int(text, 8)


def open_work_tree(folder: Path, *, patience_s: float = _QUICK_S) -> WorkTree:
    """The working tree that `folder` is in; see `WorkTree.patience_s`.

    Raises:
        GitError: git is not installed or refuses, `folder` is not in a working tree, or it is in a bare repository.
    """
    git = user_git(folder)
    asked = ("--absolute-git-dir", "--git-common-dir", "--is-shallow-repository", "--show-prefix", "HEAD")
    completed = git.call("rev-parse", *asked, timeout_s=patience_s)
    lines = os.fsdecode(completed.stdout).split("\n")
    message = completed.stderr.decode("utf-8", "replace").strip() or f"exit code {completed.returncode}"
    # Older versions of git than 2.38 don't know the setting that makes them refuse such a folder.
    if "cannot use bare repository" in message or _is_below(folder, lines[0], git.env):
        raise GitError(
            f"{folder} is in a folder with HEAD, objects and refs, which git takes for a bare repository",
            fix="remove them, or run it inside a clone",
        )
    if completed.returncode != 0 and (len(lines) < len(asked) or "HEAD" not in lines[4]):
        if "not a git repository" in message:
            raise GitError(
                f"{folder} is not in a git repository", fix="run it inside a clone, or make a repository: git init"
            )
        raise GitError(f"git can't read the repository: {message}", fix="check that `git status` works here")
    return WorkTree(
        git=git,
        prefix=lines[3],
        head=lines[4] if completed.returncode == 0 else None,
        shallow=lines[2] == "true",
        common_dir=folder / lines[1],
        patience_s=patience_s,
    )


def _is_below(folder: Path, git_dir: str, env: Mapping[str, str]) -> bool:
    """Whether git found its directory above `folder`, where it was not named: that of a working tree is beside it."""
    return bool(git_dir) and "GIT_DIR" not in env and folder.resolve().is_relative_to(git_dir)


def _find_pipe(folder: Path, git_dir: str) -> str | None:
    """A named pipe that git reads: a file of rules at, below or above `folder`, or anything in its own directory."""
    below = (where for where, _, _ in os.walk(folder))
    above = map(str, folder.resolve().parents)
    rules = ((where, _RULES) for where in itertools.chain(below, above))
    own = ((where, names) for where, _, names in os.walk(git_dir))
    for where, names in itertools.chain(rules, own):
        for name in names:
            with contextlib.suppress(OSError):
                if stat.S_ISFIFO(os.stat(f"{where}/{name}").st_mode):  # noqa: PTH116 - plain strings: many folders
                    return f"{where}/{name}"
    return None

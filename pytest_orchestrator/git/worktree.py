"""The state of the user's repository and its changes. Only reads, with few processes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pytest_orchestrator.errors import GitError
from pytest_orchestrator.git.command import Git, user_git

_REGULAR_FILE = ("100644", "100755")
_ZEROS = re.compile(r"0+\Z")


@dataclass(frozen=True, kw_only=True)
class ChangedPath:
    """A file that differs. `blob` is the id of its former content; None if it was absent or not a regular file."""

    path: str
    blob: str | None = None
    untracked: bool = False


@dataclass(frozen=True, kw_only=True)
class WorkTree:
    """A repository's working tree, seen from the folder `git.cwd`; all paths are POSIX and relative to it."""

    git: Git
    prefix: str
    """The folder's path in the repository: empty, or ending with a slash."""
    head: str | None
    """The commit that is checked out; None before the first commit."""
    shallow: bool

    def files(self, folders: Sequence[str]) -> tuple[str, ...]:
        """The files below `folders`, sorted: tracked ones, even if deleted, and untracked ones that are not ignored."""
        arguments = ("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *folders)
        listed = self.git.output("--literal-pathspecs", *arguments)
        return tuple(sorted({os.fsdecode(name) for name in listed.split(b"\0") if name}))

    def tracked(self) -> tuple[str, ...]:
        """The files in the index, deleted ones too. Unlike `files`, this does not read the working tree."""
        listed = self.git.output("ls-files", "-z", "--cached")
        return tuple(dict.fromkeys(os.fsdecode(listed).split("\0")[:-1]))

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
        names = self.git.output("remote").decode("utf-8", "surrogateescape").split("\n")
        return tuple(sorted(filter(None, names), key=lambda name: (name != "origin", name)))

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
        options = ("--porcelain=v2", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=dirty")
        listed = self.git.output("status", *options, "--", ".")
        found: list[tuple[str, str, str]] = []
        untracked: list[str] = []
        for record in os.fsdecode(listed).split("\0"):
            match record[:1]:
                case "1":  # 1 XY sub mH mI mW hH hI path
                    _, _, _, mode, _, _, blob, _, path = record.split(" ", 8)
                    found.append((path, mode, blob))
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
        records = os.fsdecode(self.git.output("ls-files", "-z", "-v")).split("\0")[:-1]  # <tag> <path>
        return tuple(path for tag, path in (record.split(" ", 1) for record in records) if tag == "S" or tag.islower())

    def blobs(self, ids: Sequence[str]) -> Mapping[str, bytes]:
        """The content of the blobs `ids`."""
        if not ids:
            return {}
        data = self.git.output("cat-file", "--batch", input="".join(f"{item}\n" for item in ids).encode())
        contents: dict[str, bytes] = {}
        start = 0
        for item in ids:
            end = data.index(b"\n", start)
            words = data[start:end].split(b" ")
            if words[-1] == b"missing":
                raise GitError(f"the object {item} is missing", fix="fetch the history again: git fetch --refetch")
            size = int(words[2])
            contents[item] = data[end + 1 : end + 1 + size]
            start = end + size + 2
        return contents

    def author_days(self, since: str) -> Mapping[str, date]:
        """For each file, the newest author date of the commits after `since` that touch it, in the author's time zone.

        A merge touches the files that differ from all its parents.
        """
        arguments = ("log", "-z", "-c", "--no-renames", "--no-relative", "--name-only", "--date=short")
        listed = self.git.output(*arguments, "--format=%x01%ad", f"{since}..{self.head or 'HEAD'}", "--", ".")
        days: dict[str, date] = {}
        for commit in os.fsdecode(listed).split("\x01")[1:]:
            day, *names = re.split("[\0\n]+", commit.strip("\0\n"))
            written = date.fromisoformat(day)
            for name in names:
                path = self._inside(name)
                if path is not None:
                    days[path] = max(written, days.get(path, written))
        return days

    def _changed(self, entries: Iterable[tuple[str, ...]]) -> tuple[ChangedPath, ...]:
        found: dict[str, ChangedPath] = {}
        for name, mode, blob in entries:
            path = self._inside(name)
            if path is not None:
                was_file = mode in _REGULAR_FILE and _ZEROS.match(blob) is None
                found[path] = ChangedPath(path=path, blob=blob if was_file else None)
        return tuple(found[path] for path in sorted(found))

    def _inside(self, path: str) -> str | None:
        return path[len(self.prefix) :] if path.startswith(self.prefix) else None


def open_work_tree(folder: Path) -> WorkTree:
    """The working tree that `folder` is in.

    Raises:
        GitError: git is not installed or refuses, or `folder` is not in a working tree.
    """
    git = user_git(folder)
    completed = git.call("rev-parse", "--is-shallow-repository", "--show-prefix", "HEAD")
    lines = os.fsdecode(completed.stdout).split("\n")
    if completed.returncode != 0 and (len(lines) < 3 or "HEAD" not in lines[2]):
        message = completed.stderr.decode("utf-8", "replace").strip() or f"exit code {completed.returncode}"
        if "not a git repository" in message:
            raise GitError(
                f"{folder} is not in a git repository", fix="run it inside a clone, or make a repository: git init"
            )
        raise GitError(f"git can't read the repository: {message}", fix="check that `git status` works here")
    head = lines[2] if completed.returncode == 0 else None
    return WorkTree(git=git, prefix=lines[1], head=head, shallow=lines[0] == "true")

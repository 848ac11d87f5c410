"""What git may do: the closed list of its commands and settings. No call runs code of the repository.

A repository's configuration and attributes can name programs that git runs by itself: hooks, file system monitors,
clean and smudge filters, external diffs, text conversions, programs that check signatures, and remotes that git fetches
missing objects from. In a user's repository git only reads, by the commands of `_READS`. Their options, the settings of
`HARDENING` and the variables of `_BASE_ENV` disable those programs; all three take precedence over configuration files.
A sealed call may do anything: it ignores the environment and all configuration files, and its git directory lies
outside of the tree that it reads.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pytest_orchestrator.errors import GitError, ProcessError
from pytest_orchestrator.process import Beside, Completed, run

HARDENING = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.quotePath=false",
    "diff.external=",
    "diff.orderFile=/dev/null",  # it and the next one can name a pipe
    "log.mailmap=false",
    "log.showSignature=false",
    "protocol.allow=never",
    "safe.bareRepository=explicit",  # else any folder with HEAD, objects and refs is a repository with its own settings
    "gc.auto=0",
    "maintenance.auto=false",
)
"""The settings of every call of git, also of those that GitPython makes."""
_OPTIONS = tuple(word for setting in HARDENING for word in ("-c", setting))
_BASE_ENV = {
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    # No protocol: unlike `protocol.allow`, no `protocol.NAME.allow` of the repository takes precedence over it.
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",
    # Objects and parents are what their ids say: no replacement, and no graft.
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
}
_NO_PROGRAMS = ("--no-ext-diff", "--no-textconv")
_NO_SUBMODULES = ("--ignore-submodules=dirty",)  # git would run `git status` in each, with its own configuration
_READS: Mapping[str, tuple[str, ...]] = {
    "cat-file": (),
    "config": (),
    "diff": (*_NO_PROGRAMS, *_NO_SUBMODULES, "--submodule=short"),
    "diff-tree": _NO_PROGRAMS,
    "for-each-ref": (),
    "grep": ("--no-textconv", "--no-recurse-submodules"),
    "log": (*_NO_PROGRAMS, "--no-show-signature"),
    "ls-files": (),
    "merge-base": (),
    "rev-parse": (),
    "status": _NO_SUBMODULES,
    "symbolic-ref": (),
    "var": (),
    "version": (),
}
"""The commands that git may be called with in a user's repository, and the options that each of them gets."""
_COMPARE_CONTENT = frozenset({"diff", "status"})
_NO_FILTER = ("clean=", "smudge=", "process=", "required=false")
_SEALED_ENV = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_ATTR_NOSYSTEM": "1"}
_IDENTITY = {
    f"GIT_{role}_{key}": value
    for role in ("AUTHOR", "COMMITTER")
    for key, value in (
        ("NAME", "pytest-orchestrator"),
        ("EMAIL", "pytest-orchestrator@localhost"),
        ("DATE", "1970-01-01T00:00:00Z"),
    )
}


@dataclass(frozen=True, kw_only=True)
class Git:
    """The folder and the environment of git calls. Create one with `user_git` or `sealed_git`."""

    cwd: Path
    env: Mapping[str, str] = field(repr=False)
    sealed: bool = False

    def call(self, *arguments: str | Path, input: bytes = b"", timeout_s: float = 120.0) -> Completed:  # noqa: A002
        """Run `git ARGUMENTS`, and return its output with any exit code.

        Raises:
            GitError: git is not installed, or did not end within `timeout_s` seconds.
            ValueError: the command is not one that git may be called with in a user's repository.
        """
        try:
            return run(self._command(arguments), cwd=self.cwd, env=self.env, input=input, timeout_s=timeout_s)
        except ProcessError as error:
            raise _unusable(error) from error

    def output(self, *arguments: str | Path, input: bytes = b"", timeout_s: float = 120.0) -> bytes:  # noqa: A002
        """The standard output of `git ARGUMENTS`.

        Raises:
            GitError: the exit code is not 0; the message holds git's own.
        """
        verb = next(word for word in map(str, arguments) if not word.startswith("-"))
        return _checked(self.call(*arguments, input=input, timeout_s=timeout_s), verb)

    def beside(self, *arguments: str | Path, timeout_s: float = 120.0) -> Beside:
        """Start `git ARGUMENTS`; `output_of` waits for its end. Raises `GitError` when git is not installed."""
        try:
            return Beside(self._command(arguments), cwd=self.cwd, env=self.env, timeout_s=timeout_s)
        except ProcessError as error:
            raise _unusable(error) from error

    def _command(self, arguments: Sequence[str | Path]) -> list[str]:
        words, options = [os.fspath(argument) for argument in arguments], _OPTIONS
        if not self.sealed:
            place, verb = next((index, word) for index, word in enumerate(words) if not word.startswith("-"))
            if verb not in _READS:
                raise ValueError(f"git {verb} is not in the list of what git may do in a user's repository")
            words[place + 1 : place + 1] = _READS[verb]
            options += self._no_filters if verb in _COMPARE_CONTENT else ()
        return ["git", *options, *words]

    def line(self, *arguments: str | Path) -> str:
        """The standard output of `git ARGUMENTS`, which is one line."""
        return self.output(*arguments).decode("utf-8", "surrogateescape").rstrip("\n")

    @cached_property
    def configured(self) -> Mapping[str, tuple[str, ...]]:
        """The names of the configured filters and remotes, by the kind: `filter`, `remote`."""
        listed = os.fsdecode(self.call("config", "-z", "--name-only", "--get-regexp", r"^(filter|remote)\.").stdout)
        found: dict[str, dict[str, None]] = {"filter": {}, "remote": {}}
        for key in listed.split("\0")[:-1]:  # the kind, the name, which may hold dots, and the setting
            kind, _, rest = key.partition(".")
            name, dot, _ = rest.rpartition(".")
            if dot:
                found[kind][name] = None
        return {kind: tuple(names) for kind, names in found.items()}

    @cached_property
    def _no_filters(self) -> tuple[str, ...]:
        """The options that leave no filter a program, whatever driver an attribute names.

        Git then compares the bytes of files with those of its objects; its own conversions of line ends stay.
        """
        drivers = [f"filter.{name}" for name in self.configured["filter"]]
        for driver in drivers:
            if "=" in driver:  # `-c` takes what is before it for the name
                raise GitError(f"the filter {driver!r} can't be switched off", fix="rename it in git's configuration")
        settings = (f"{driver}.{setting}" for driver in drivers for setting in _NO_FILTER)
        return tuple(word for setting in settings for word in ("-c", setting))


def output_of(program: Beside, verb: str) -> bytes:
    """What `Git.output` returns, of a call of `git VERB` that `Git.beside` started. Raises `GitError` as it does."""
    try:
        return _checked(program.result(), verb)
    except ProcessError as error:
        raise _unusable(error) from error


def _checked(completed: Completed, verb: str) -> bytes:
    if completed.returncode != 0:
        message = completed.stderr.decode("utf-8", "replace").strip() or f"exit code {completed.returncode}"
        raise GitError(f"git {verb} failed: {message}")
    return completed.stdout


def _unusable(error: ProcessError) -> GitError:
    return GitError(error.message, fix="install git, and check that `git status` works here")


def user_git(root: Path) -> Git:
    """Git in the user's repository, to read it, with the user's configuration (`safe.directory`, ignore files).

    Inside a hook it uses the index that git is about to commit.
    """
    return Git(cwd=root, env={**os.environ, **_BASE_ENV})


def sealed_git(
    git_dir: Path,
    *,
    work_tree: Path | None = None,
    index: Path | None = None,
    objects: Path | None = None,
) -> Git:
    """Git in a repository of ours, independent of the environment and of configuration files.

    With `objects`, new objects are written there, and the repository's own objects are only read.
    """
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    env |= {**_BASE_ENV, **_SEALED_ENV, **_IDENTITY, "GIT_DIR": str(git_dir)}
    if work_tree is not None:
        env["GIT_WORK_TREE"] = str(work_tree)
    if index is not None:
        env["GIT_INDEX_FILE"] = str(index)
    if objects is not None:
        env |= {"GIT_OBJECT_DIRECTORY": str(objects), "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(git_dir / "objects")}
    return Git(cwd=work_tree or git_dir, env=env, sealed=True)

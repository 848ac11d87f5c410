"""Fetching one commit, without its history, from a remote repository."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_orchestrator.errors import GitError, require_package
from pytest_orchestrator.git.command import HARDENING, sealed_git

if TYPE_CHECKING:
    from git import RemoteProgress

Progress = Callable[[int, int | None], None]
"""Called with how much is done, and with the total if it is known; in bytes or in objects."""

_PROTOCOLS = ("https", "ssh", "file")
_TIMEOUT_S = 1800
_SETTINGS = (
    *HARDENING,
    *(f"protocol.{protocol}.allow=always" for protocol in _PROTOCOLS),
    "fetch.recurseSubmodules=false",
    "fetch.writeCommitGraph=false",
    "fetch.unpackLimit=1",  # always one pack: fewer files, and progress is reported
    # Give up a server that sends less than 100 bytes a second for 30 seconds.
    "http.lowSpeedLimit=100",
    "http.lowSpeedTime=30",
    "credential.interactive=never",
)


def fetch_commit(url: str, commit: str, *, into: Path, progress: Progress) -> str:
    """Fetch one commit without its history into a new bare repository; the id of its tree.

    The user's git configuration applies (proxies, certificates, credential helpers). No password is asked for, no hook
    is run and no submodule is fetched.

    Raises:
        GitError: the URL's protocol is not https, ssh or file; the repository can't be reached; or it refuses to send
            that commit.
        UsageError: GitPython is not installed.
    """
    require_package("git", extra="evaluate", distribution="gitpython")
    scheme = urlsplit(url).scheme
    if scheme not in _PROTOCOLS:
        raise GitError(f"{url} is not an https, ssh or file URL", fix="pin one of these")
    into.mkdir()
    sealed_git(into).output("init", "--quiet", "--bare", "--object-format=sha1", "--template=", "--initial-branch=main")
    _fetch(url, commit, into, progress)
    git = sealed_git(into)
    if git.line("cat-file", "-t", commit) != "commit":
        raise GitError(f"{url} has an object {commit} that is not a commit")
    return git.line("rev-parse", f"{commit}^{{tree}}")


def _fetch(url: str, commit: str, into: Path, progress: Progress) -> None:
    # GitPython costs 0.1 s to import, and only a fetch needs it.
    from git import Repo
    from git.exc import GitCommandError
    from git.exc import GitError as GitPythonError

    try:
        with Repo(into) as repository:
            repository.git.update_environment(**_environment(into))
            if not repository.git.config("--get", "core.sshCommand", with_exceptions=False):
                repository.git.update_environment(**_noninteractive_ssh())
            repository.git.set_persistent_git_options(c=_SETTINGS)
            repository.create_remote("origin", url).fetch(
                commit,
                progress=_reporter(progress),
                kill_after_timeout=_TIMEOUT_S,
                depth=1,
                no_tags=True,
                no_recurse_submodules=True,
            )
    except GitCommandError as error:
        raise _refusal(url, commit, str(error.stderr)) from error
    except GitPythonError as error:
        raise GitError(f"{url}: {error}") from error


def _environment(into: Path) -> dict[str, str]:
    """What GitPython adds to our environment. It can't remove variables, such as those that git sets for a hook."""
    return {
        "GIT_DIR": str(into),
        "GIT_COMMON_DIR": str(into),
        "GIT_INDEX_FILE": str(into / "index"),
        "GIT_OBJECT_DIRECTORY": str(into / "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": "",
        "GIT_NAMESPACE": "",
        "GIT_ALLOW_PROTOCOL": ":".join(_PROTOCOLS),
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "SSH_ASKPASS": "",
        "LC_ALL": "C",
    }


def _noninteractive_ssh() -> dict[str, str]:
    if "GIT_SSH_COMMAND" in os.environ or "GIT_SSH" in os.environ:
        return {}
    return {"GIT_SSH_COMMAND": "ssh -o BatchMode=yes -o ConnectTimeout=10"}


def _reporter(progress: Progress) -> RemoteProgress:
    from git import RemoteProgress

    class Reporter(RemoteProgress):
        def update(
            self,
            op_code: int,
            cur_count: str | float,
            max_count: str | float | None = None,
            message: str = "",
        ) -> None:
            del message
            if op_code & self.OP_MASK == self.RECEIVING:
                progress(int(float(cur_count)), None if not max_count else int(float(max_count)))

    return Reporter()


def _refusal(url: str, commit: str, stderr: str) -> GitError:
    lines = [line.strip(" '") for line in stderr.replace("stderr:", "").splitlines() if line.strip(" '")]
    reason = next(
        (line for line in lines if line.startswith(("fatal:", "error:"))), lines[-1] if lines else "no reason"
    )
    if any(words in stderr for words in ("not our ref", "unadvertised object", "find remote ref")):
        return GitError(
            f"{url} refuses to send the commit {commit} ({reason})",
            fix="pin a commit that a branch or tag of it reaches, on a server that lets commits be fetched by their id"
            " (uploadpack.allowReachableSHA1InWant)",
        )
    return GitError(f"{url} can't be fetched from ({reason})")

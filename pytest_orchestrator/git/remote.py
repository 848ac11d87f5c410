"""Speaking to other people's repositories: one commit, shallowly, into a repository that is thrown away afterwards."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_orchestrator.display import redact_urls
from pytest_orchestrator.errors import GitError
from pytest_orchestrator.git.command import sealed_git

if TYPE_CHECKING:
    from git import RemoteProgress

Progress = Callable[[int, int | None], None]

_PROTOCOLS = ("https", "ssh", "file")
_TIMEOUT_S = 1800
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "protocol.allow=never",
    *(f"protocol.{protocol}.allow=always" for protocol in _PROTOCOLS),
    "fetch.recurseSubmodules=false",
    "fetch.writeCommitGraph=false",
    "fetch.unpackLimit=1",  # one pack, however small: fewer files, and progress is told
    "gc.auto=0",
    "maintenance.auto=false",
    # A server that goes silent is given up.
    "http.lowSpeedLimit=100",
    "http.lowSpeedTime=30",
    "credential.interactive=never",
)


def fetch_commit(url: str, commit: str, *, into: Path, progress: Progress) -> str:
    """Fetch one commit without its history into a new bare repository, and say its tree.

    A person's own git configuration counts, for proxies, certificates and credential helpers; nobody is asked for a
    password, no hook is run and no submodule is followed.

    Raises:
        GitError: the URL's protocol is none of https, ssh and file; the repository can't be reached; or it doesn't
            hand out that commit.
    """
    scheme = urlsplit(url).scheme
    if scheme not in _PROTOCOLS:
        raise GitError(f"{redact_urls(url)} is no https, ssh or file URL", fix="pin one of these")
    into.mkdir()
    sealed_git(into).output("init", "--quiet", "--bare", "--object-format=sha1", "--template=", "--initial-branch=main")
    _fetch(url, commit, into, progress)
    git = sealed_git(into)
    if git.line("cat-file", "-t", commit) != "commit":
        raise GitError(f"{redact_urls(url)} has something else than a commit under {commit}")
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
                repository.git.update_environment(**_ssh_that_asks_nothing())
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
        raise _refused(url, commit, str(error.stderr)) from error
    except GitPythonError as error:
        raise GitError(f"{redact_urls(url)}: {error}") from error


def _environment(into: Path) -> dict[str, str]:
    """What GitPython adds to our own environment: it can't take anything away, such as what a git hook is given."""
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


def _ssh_that_asks_nothing() -> dict[str, str]:
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


def _refused(url: str, commit: str, said: str) -> GitError:
    lines = [line.strip(" '") for line in said.replace("stderr:", "").splitlines() if line.strip(" '")]
    reason = next(
        (line for line in lines if line.startswith(("fatal:", "error:"))), lines[-1] if lines else "no reason"
    )
    if any(words in said for words in ("not our ref", "unadvertised object", "find remote ref")):
        return GitError(
            f"{redact_urls(url)} does not hand out the commit {commit} ({reason})",
            fix="pin a commit that a branch or tag of it reaches, on a server that lets commits be fetched by their id"
            " (uploadpack.allowReachableSHA1InWant)",
        )
    return GitError(f"{redact_urls(url)} can't be fetched from ({reason})")

"""Finds the base of a change: the given revision, the one that the CI service names, or the remote's default branch."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pytest_orchestrator.errors import GitError, InputError
from pytest_orchestrator.files import read_limited
from pytest_orchestrator.git.worktree import WorkTree

_MAX_EVENT_BYTES = 32 << 20
_FETCH_HISTORY = "fetch the whole history: `fetch-depth: 0` in actions/checkout, `git fetch --unshallow` elsewhere"


@dataclass(frozen=True, kw_only=True)
class Base:
    """What a change is compared with. `commit` is where HEAD forked from it; None before the first commit."""

    name: str
    source: str
    commit: str | None

    def __str__(self) -> str:
        return f"{self.name} ({self.source})"


@dataclass(frozen=True)
class _CiVariable:
    """An environment variable in which a CI service names the base."""

    service: str
    name: str
    kind: Literal["branch", "commit", "github-event"]


# From each service's documentation of its predefined variables. The first one that is set and resolves counts; when
# some are set and none resolves, that is an error.
_CI_VARIABLES = (
    _CiVariable("GitHub Actions", "GITHUB_BASE_REF", "branch"),
    _CiVariable("GitHub Actions", "GITHUB_EVENT_PATH", "github-event"),
    _CiVariable("GitLab CI", "CI_MERGE_REQUEST_DIFF_BASE_SHA", "commit"),
    _CiVariable("GitLab CI", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "branch"),
    _CiVariable("GitLab CI", "CI_COMMIT_BEFORE_SHA", "commit"),
    _CiVariable("Bitbucket Pipelines", "BITBUCKET_PR_DESTINATION_BRANCH", "branch"),
    _CiVariable("Bitbucket Pipelines", "BITBUCKET_PR_DESTINATION_COMMIT", "commit"),
    _CiVariable("Azure Pipelines", "SYSTEM_PULLREQUEST_TARGETBRANCH", "branch"),
    _CiVariable("Jenkins", "CHANGE_TARGET", "branch"),
    _CiVariable("Jenkins", "GIT_PREVIOUS_SUCCESSFUL_COMMIT", "commit"),
    _CiVariable("Buildkite", "BUILDKITE_PULL_REQUEST_BASE_BRANCH", "branch"),
)


def find_base(tree: WorkTree, *, explicit: str | None, environ: Mapping[str, str]) -> Base:
    """The base of the change in `tree`.

    Raises:
        GitError: no base can be resolved, or this clone lacks the history back to it.
    """
    if tree.head is None:
        if explicit is not None:
            raise GitError(f"there is no commit yet to compare with {explicit!r}", fix="leave the base out, or commit")
        return Base(name="nothing", source="there is no commit yet", commit=None)
    name, source, commit = _explicit(tree, explicit) or _from_ci(tree, environ) or _from_remote(tree)
    if commit == tree.head:
        return Base(name=name, source=source, commit=commit)
    fork = tree.merge_base(commit)
    if fork is None and tree.shallow:
        raise GitError(
            f"this clone is shallow, so it does not contain the fork point of HEAD and {name} ({source})",
            fix=_FETCH_HISTORY,
        )
    if fork is None:
        raise GitError(
            f"HEAD and {name} ({source}) have no commit in common", fix="name another base: --spec-guard-base or --base"
        )
    return Base(name=name, source=source, commit=fork)


_Found = tuple[str, str, str]


def _explicit(tree: WorkTree, revision: str | None) -> _Found | None:
    if revision is None:
        return None
    commit = tree.commit(revision) if revision else None
    if commit is None:
        hint = _FETCH_HISTORY if tree.shallow else "name a branch, tag or commit that `git rev-parse` knows here"
        raise GitError(f"the base {revision!r} is not a commit of this clone", fix=hint)
    return revision, "as given", commit


def _from_ci(tree: WorkTree, environ: Mapping[str, str]) -> _Found | None:
    unresolved: list[str] = []
    service = ""
    for variable in _CI_VARIABLES:
        value = environ.get(variable.name, "")
        if not value or (service and service != variable.service):
            continue
        for name, revision in _revisions(tree, variable.kind, value):
            service = variable.service
            commit = tree.commit(revision)
            if commit is not None:
                return name, f"{variable.service}, {variable.name}", commit
            unresolved.append(f"{name} ({variable.name})")
    if unresolved:
        raise GitError(
            f"{service} names {' or '.join(unresolved)} as the base, which is not in this clone", fix=_FETCH_HISTORY
        )
    return None


def _revisions(tree: WorkTree, kind: str, value: str) -> Iterator[tuple[str, str]]:
    """The name and the revision of each base that a variable may mean."""
    if kind == "branch":
        branch = value.removeprefix("refs/heads/")
        remote = next(iter(tree.remotes()), "origin")
        yield f"{remote}/{branch}", f"refs/remotes/{remote}/{branch}"
        return
    commit = _event_commit(value) if kind == "github-event" else value
    # All zeros mean a new branch: there is no commit before.
    if commit and re.fullmatch("[0-9a-fA-F]{7,64}", commit) and commit.strip("0"):
        yield commit[:12], commit


def _event_commit(path: str) -> str:
    """The commit before a push or below a merge group; empty for the other events of GitHub Actions."""
    try:
        event = json.loads(read_limited(Path(path), max_bytes=_MAX_EVENT_BYTES))
    except (InputError, ValueError) as error:
        raise GitError(f"the event of GitHub Actions can't be read: {path}", fix="unset GITHUB_EVENT_PATH") from error
    if not isinstance(event, dict) or "pull_request" in event or event.get("forced") is True:
        # The commit before a forced push is not in the history any more.
        return ""
    group: Any = event.get("merge_group")
    commit = group.get("base_sha") if isinstance(group, dict) else event.get("before")
    return commit if isinstance(commit, str) else ""


def _from_remote(tree: WorkTree) -> _Found:
    remotes = tree.remotes()
    if not remotes:
        return "HEAD", "there is no remote: only uncommitted changes count", str(tree.head)
    known = tree.refs("refs/remotes/*/HEAD", "refs/remotes/*/main", "refs/remotes/*/master")
    for remote in remotes:
        for branch in ("HEAD", "main", "master"):
            commit = known.get(f"refs/remotes/{remote}/{branch}")
            if commit is not None:
                name = f"{remote}/{branch}" if branch != "HEAD" else f"the default branch of {remote}"
                return name, "the remote's default branch", commit
    raise GitError(
        f"the default branch of the remote {remotes[0]} is not known here",
        fix=f"run `git fetch {remotes[0]}` and `git remote set-head {remotes[0]} --auto`, or name the base: "
        "--spec-guard-base or --base (HEAD for uncommitted changes only)",
    )

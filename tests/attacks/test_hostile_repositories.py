"""Repositories whose configuration names programs. Plain git runs each of them; no command of ours may.

A command must also say of such a repository what it says of its twin, which has the same files, objects and index, and
no such configuration.
"""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from pytest_orchestrator.errors import GitError
from pytest_orchestrator.git.worktree import open_work_tree
from tests.cli.command_line import run
from tests.lean import LEAN

TODAY = date(2020, 11, 20)
DAY = f"{TODAY}T12:00:00+00:00"
IDENTITY = {
    f"GIT_{role}_{key}": value
    for role in ("AUTHOR", "COMMITTER")
    for key, value in (("NAME", "A Tester"), ("EMAIL", "tester@example.org"), ("DATE", DAY))
}
PLAIN = {**IDENTITY, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}


@dataclass(frozen=True, kw_only=True)
class Attack:
    """Settings that name a program, `CMD`, and a call of plain git that runs it."""

    name: str
    call: str
    settings: str = ""
    terminal: bool = False
    into: str = ".git/config"
    hook: str = ""


def _filter(name: str, key: str, call: str = "status", *, into: str = ".git/config") -> Attack:
    return Attack(name=name, call=call, settings=f'[filter "{name}"]\n{key} = CMD\n', into=into)


def _hook(name: str, call: str) -> Attack:
    return Attack(name=name, call=call, hook=name)


_SIGNED = {"openpgp": "PGP SIGNATURE", "ssh": "SSH SIGNATURE", "x509": "SIGNED MESSAGE"}

CONFIGURED = (
    _filter("clean", "clean"),
    _filter("process", "process"),
    _filter("smudge", "smudge", "checkout -- smudge.txt"),
    _filter("required", "required = true\nclean"),
    _filter("included", "clean", into=".git/included"),
    _filter("conditional", "clean", into=".git/conditional"),
    _filter("of-worktree", "clean", into=".git/config.worktree"),
    _filter("a.b", "clean"),
    _filter("sub", "clean", into="sub/.git/config"),
    _hook("post-index-change", "add clean.txt"),
    _hook("pre-commit", "commit --allow-empty -m x"),
    _hook("reference-transaction", "update-ref refs/heads/x HEAD"),
    _hook("post-checkout", "checkout -q --detach HEAD"),
    Attack(name="diff-external", call="diff", settings="[diff]\nexternal = CMD\n"),
    Attack(name="command", call="-c diff.external= diff", settings='[diff "command"]\ncommand = CMD\n'),
    Attack(name="textconv", call="log -p -- textconv.txt", settings='[diff "textconv"]\ntextconv = CMD\n'),
    Attack(name="merge", call="merge -q other", settings='[merge "merge"]\ndriver = CMD\n'),
    Attack(name="pager", call="log", settings="[core]\npager = CMD\n", terminal=True),
    Attack(name="pager-of-status", call="status", settings="[pager]\nstatus = CMD\n", terminal=True),
    Attack(name="editor", call="commit --allow-empty", settings="[core]\neditor = CMD\n"),
    Attack(name="sequence-editor", call="rebase -f -i --autostash HEAD^", settings="[sequence]\neditor = CMD\n"),
    Attack(name="alias", call="x", settings="[alias]\nx = !CMD\n"),
    Attack(name="openpgp", call="log", settings='[log]\nshowSignature = true\n[gpg "openpgp"]\nprogram = CMD\n'),
    Attack(name="ssh", call="log", settings='[gpg "ssh"]\nprogram = CMD\nallowedSignersFile = /dev/null\n'),
    Attack(name="x509", call="log", settings='[gpg "x509"]\nprogram = CMD\n'),
    Attack(name="credential-helper", call="credential fill", settings="[credential]\nhelper = CMD\n"),
    Attack(name="ask-pass", call="-c credential.helper= credential fill", settings="[core]\naskPass = CMD\n"),
    Attack(name="ssh-command", call="ls-remote ssh://host/x", settings="[core]\nsshCommand = CMD\n"),
    Attack(name="git-proxy", call="ls-remote git://host/x", settings="[core]\ngitProxy = CMD\n"),
    Attack(
        name="remote-helper",
        call="ls-remote ext",
        settings='[protocol "ext"]\nallow = always\n[remote "ext"]\nurl = ext::CMD\n',
    ),
    Attack(name="upload-pack", call="ls-remote up", settings='[remote "up"]\nurl = ROOT\nuploadpack = CMD\n'),
    Attack(name="difftool", call="difftool -y -t x", settings='[difftool "x"]\ncmd = CMD\n'),
    Attack(
        name="trailer", call="interpret-trailers", settings='[trailer "x"]\nkey = X\nifmissing = add\ncommand = CMD\n'
    ),
    Attack(name="archive", call="archive --format=x HEAD", settings='[tar "x"]\ncommand = CMD\n'),
    Attack(name="submodule-monitor", call="status", settings="[core]\nfsmonitor = CMD\n", into="sub/.git/config"),
)
"""What one repository can hold together."""

MONITORED = (
    Attack(name="fsmonitor", call="status", settings="[core]\nfsmonitor = CMD\n"),
    Attack(
        name="hooks-path",
        call="add clean.txt",
        settings="[core]\nhooksPath = .git/other\n",
        hook="../other/post-index-change",
    ),
)
"""What would hide others."""

PROMISED = (
    Attack(
        name="promisor-ext",
        call="cat-file -p BLOB",
        settings='[extensions]\npartialClone = one\n[protocol]\nallow = always\n[protocol "ext"]\nallow = always\n'
        '[remote "one"]\nurl = ext::CMD\npromisor = true\n',
    ),
    Attack(
        name="promisor-upload-pack",
        call="cat-file -p BLOB",
        settings='[protocol "file"]\nallow = always\n[remote "two"]\nurl = ROOT\nuploadpack = CMD\npromisor = true\n',
    ),
    Attack(
        name="promisor-ssh",
        call="cat-file -p BLOB",
        settings='[protocol "ssh"]\nallow = always\n[core]\nsshCommand = CMD\n'
        '[remote "three"]\nurl = ssh://host/x\npromisor = true\n',
    ),
    Attack(
        name="promisor-proxy",
        call="cat-file -p BLOB",
        settings='[protocol "git"]\nallow = always\n[core]\ngitProxy = CMD\n'
        '[remote "four"]\nurl = git://host/x\npromisor = true\n',
    ),
)
"""Remotes that git fetches a missing object from."""

_JUDGED = ("--base", "base", "--today", str(TODAY))
COMMANDS = (
    ("spec", "check", "--format", "json", *_JUDGED),
    ("spec", "check", "--scope", "changed", "--format", "sarif", *_JUDGED),
    ("spec", "review", "specs/cache.md", "--by", "ann", "--diff", "--yes", *_JUDGED),
    ("spec", "review", "--all-changed", "--stale", "--by", "ann", "--yes", *_JUDGED),
    ("spec", "review", "--level", "1", "--today", str(TODAY)),
    ("spec", "forecast", "--today", str(TODAY)),
    ("spec", "replay", "--since", "base", "--format", "json"),
    ("spec", "index"),
    ("spec", "stamp", "--dry-run"),
    ("spec", "new", "other", "--owner", "ann", "--title", "T"),
    ("patterns", "apply", "src"),
)


class Repository:
    """A repository in `root`, and beside it the programs that its configuration names."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "repository"
        self._programs = folder / "programs"
        self._seen = folder / "seen"
        for made in (self.root, self._programs, self._seen):
            made.mkdir(parents=True)

    def git(self, *arguments: str, cwd: str = "", text: str = "") -> str:
        command = ["git", *arguments]
        done = subprocess.run(
            command, cwd=self.root / cwd, env=PLAIN, input=text, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def write(self, path: str, text: str) -> None:
        where = self.root / path
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_text(text)

    def plant(self, attack: Attack) -> None:
        program = self._programs / attack.name
        echo = "exec cat\n" if attack.settings.startswith("[filter") else ""
        program.write_text(f"#!/bin/sh\ntouch '{self._seen}/{program.name}'\n{echo}")
        program.chmod(0o755)
        if attack.hook:
            hook = self.root / ".git" / "hooks" / attack.hook
            hook.parent.mkdir(exist_ok=True)
            shutil.copy(program, hook)
        with (self.root / attack.into).open("a") as config:
            config.write(attack.settings.replace("CMD", str(program)).replace("ROOT", str(self.root)))

    def seen(self) -> set[str]:
        """The programs that ran since the last call."""
        found = {path.name for path in self._seen.iterdir()}
        for name in found:
            (self._seen / name).unlink()
        return found

    def runs(self, attack: Attack, copy: Path, *, blob: str = "") -> bool:
        """Whether plain git runs the program."""
        shutil.copytree(self.root, copy, symlinks=True)
        main, terminal = pty.openpty()
        words = [blob if word == "BLOB" else word for word in attack.call.split(" ")]
        subprocess.run(
            ["git", *words],
            cwd=copy,
            env=PLAIN | {"TERM": "xterm"},
            input=b"protocol=https\nhost=example.org\n\n",
            stdout=terminal if attack.terminal else subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=20,
            check=False,
        )
        os.close(main)
        os.close(terminal)
        return attack.name in self.seen()


def _fill(repository: Repository) -> None:
    """A covered file that changed without its spec, files with attributes, a signed commit, and a nested repository."""
    git, write = repository.git, repository.write
    git("init", "-q", "-b", "main")
    write("pyproject.toml", '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs"]\nreviews = "reviews.jsonl"\n')
    reviewed = TODAY - timedelta(days=3)
    head = f"id: cache\ntitle: T\nstatus: approved\nowners: [ann]\nlast_review: {reviewed}\ncovers: [src/cache.py]\n"
    write("specs/cache.md", f"---\n{head}---\nIt MUST hold 10 items.\n")
    write("src/cache.py", "LIMIT = 10\n")
    names = [attack.name for attack in CONFIGURED if attack.settings.startswith("[filter")]
    named = [f"{name}.txt" for name in names]
    rules = [f"{name}.txt filter={name}" for name in names]
    rules += ["src/* filter=clean", "*.md filter=process diff=textconv", "command.txt diff=command"]
    rules += ["textconv.txt diff=textconv", "merge.txt merge=merge"]
    write(".gitattributes", "".join(f"{rule}\n" for rule in rules))
    for path in (*named, "command.txt", "textconv.txt", "merge.txt"):
        write(path, "one\n")
    write("sub/sub.txt", "one\n")
    write("sub/.gitattributes", "* filter=sub\n")
    for cwd in ("sub", ""):
        git("init", "-q", "-b", "main", cwd=cwd)
        git("add", "-A", cwd=cwd)
        git("commit", "-q", "-m", "first", cwd=cwd)
    git("tag", "base")
    write("merge.txt", "two\n")
    git("commit", "-q", "-a", "-m", "other")
    git("branch", "other")
    git("reset", "-q", "--hard", "base")
    for number, (kind, words) in enumerate(_SIGNED.items()):
        write("merge.txt", f"{kind}\n")
        write("src/cache.py", f"LIMIT = {number}\n")
        git("commit", "-q", "-a", "-m", f"signed by {kind}")
        text = git("cat-file", "commit", "HEAD")
        signature = f"gpgsig -----BEGIN {words}-----\n \n AAAA\n -----END {words}-----\n"
        commit = git(
            "hash-object", "-t", "commit", "-w", "--stdin", text=text.replace("\n\n", f"\n{signature}\n", 1) + "\n"
        )
        git("reset", "-q", "--soft", commit)
    write("src/cache.py", "LIMIT = 20\n")
    write("command.txt", "two\n")
    later = 1_700_000_000
    for path in (*named, "textconv.txt", "sub/sub.txt"):  # git must compare their content
        os.utime(repository.root / path, (later, later))


def _settings(repository: Repository) -> None:
    """Read further files of settings."""
    config = (
        '[include]\npath = included\n[includeIf "gitdir:/"]\npath = conditional\n[extensions]\nworktreeConfig = true\n'
    )
    with (repository.root / ".git" / "config").open("a") as stream:
        stream.write(config)


def _commit_is_missing_a_blob(repository: Repository) -> str:
    """Remove the first version of the covered file, which the guard compares with."""
    blob = repository.git("rev-parse", "base:src/cache.py")
    (repository.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    return blob


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A repository, and the same one with hostile settings."""

    peaceful: Repository
    hostile: Repository
    blob: str = ""


def _pair(folder: Path, attacks: Sequence[Attack], *, missing: bool = False) -> Pair:
    peaceful, hostile = (Repository(folder / name) for name in ("peaceful", "hostile"))
    _fill(peaceful)
    blob = _commit_is_missing_a_blob(peaceful) if missing else ""
    shutil.copytree(peaceful.root, hostile.root, symlinks=True, dirs_exist_ok=True)
    _settings(hostile)
    for attack in attacks:
        hostile.plant(attack)
    return Pair(peaceful=peaceful, hostile=hostile, blob=blob)


GROUPS = {"configured": CONFIGURED, "monitored": MONITORED[:1], "hooks": MONITORED[1:], "promised": PROMISED}


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pair]:
    return {
        name: _pair(tmp_path_factory.mktemp(name), attacks, missing=name == "promised")
        for name, attacks in GROUPS.items()
    }


@pytest.mark.parametrize(
    ("group", "attack"), [pytest.param(name, each, id=each.name) for name, group in GROUPS.items() for each in group]
)
def test_plain_git_runs_what_is_configured(pairs: dict[str, Pair], group: str, attack: Attack, tmp_path: Path) -> None:
    pair = pairs[group]
    assert pair.hostile.runs(attack, tmp_path / "copy", blob=pair.blob)


def answer(
    repository: Repository, folder: Path, ask: Callable[[Path], subprocess.CompletedProcess[str]]
) -> tuple[int, str, str]:
    """What a command says of a copy of a repository."""
    copy = folder / repository.root.parent.name
    shutil.copytree(repository.root, copy, symlinks=True)
    done = ask(copy)
    assert "Traceback" not in done.stdout + done.stderr
    said = re.sub(r" in \d+\.\d+ s: ", " in a moment: ", done.stderr)
    return done.returncode, done.stdout.replace(str(copy), ""), said.replace(str(copy), "")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("group", GROUPS)
def test_no_command_runs_it(pairs: dict[str, Pair], group: str, command: Sequence[str], tmp_path: Path) -> None:
    pair = pairs[group]
    said, expected = (
        answer(each, tmp_path, lambda root: run(root, *command)) for each in (pair.hostile, pair.peaceful)
    )
    assert not pair.hostile.seen()
    assert said[:2] == expected[:2]
    # A clone that lacks an object is told to be a partial one where a remote promises objects.
    assert said[2] == expected[2] or ("partial clone" in said[2] and "is missing" in expected[2])


def run_pytest(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", *LEAN, "-q", "--spec-guard", "--spec-guard-base=base"]
    return subprocess.run(command, cwd=root, env={**os.environ, **PLAIN}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("group", ["configured", "promised"])
def test_pytest_does_not_run_it(pairs: dict[str, Pair], group: str, tmp_path: Path) -> None:
    pair = pairs[group]
    said, expected = (answer(each, tmp_path, run_pytest) for each in (pair.hostile, pair.peaceful))
    assert not pair.hostile.seen()
    assert said[:1] == expected[:1]


def test_filter_that_cannot_be_switched_off_is_an_error(tmp_path: Path) -> None:
    repository, attack = Repository(tmp_path), _filter("a=b", "clean")
    _fill_plainly(repository, "")
    repository.write(".gitattributes", "src/* filter=a=b\n")
    repository.write("src/cache.py", "LIMIT = 20\n")
    repository.plant(attack)
    assert repository.runs(replace(attack, call="diff"), tmp_path / "copy")
    said = run(repository.root, "spec", "check", code=2).stderr
    assert "the filter 'filter.a=b' can't be switched off" in said
    assert not repository.seen()


BARE = Attack(name="bare", call="-C sub status", settings='[core]\nworktree = .\n[filter "x"]\nclean = CMD\n')


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository whose last commit adds the files of a bare repository to a project in a folder of it."""
    repository = Repository(tmp_path_factory.mktemp("bare"))
    git, sub = repository.git, repository.root / "sub"
    _fill_plainly(repository, "sub/")
    git("init", "-q", "-b", "main", cwd="sub")
    git("add", "-A", cwd="sub")
    git("commit", "-q", "-m", "first", cwd="sub")
    for path in (sub / ".git").iterdir():
        path.rename(sub / path.name)
    (sub / ".git").rmdir()
    text = (sub / "config").read_text().replace("bare = false", "")
    (sub / "config").write_text(text)
    repository.plant(replace(BARE, into="sub/config"))
    repository.write("sub/.gitattributes", "* filter=x\n")
    repository.write("sub/src/cache.py", "LIMIT = 20\n")
    git("add", "-A")
    git("commit", "-q", "-m", "second")
    return repository


def _fill_plainly(repository: Repository, folder: str) -> None:
    git, write = repository.git, repository.write
    git("init", "-q", "-b", "main")
    write(f"{folder}pyproject.toml", '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs"]\n')
    head = f"id: cache\ntitle: T\nstatus: approved\nowners: [ann]\nlast_review: {TODAY}\ncovers: [src/cache.py]\n"
    write(f"{folder}specs/cache.md", f"---\n{head}---\nIt MUST hold 10 items.\n")
    write(f"{folder}src/cache.py", "LIMIT = 10\n")
    git("add", "-A")
    git("commit", "-q", "-m", "first")
    git("tag", "base")


def test_plain_git_takes_a_folder_for_a_bare_repository(bare: Repository, tmp_path: Path) -> None:
    assert bare.runs(BARE, tmp_path / "copy")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_folder_is_not_taken_for_a_bare_repository(bare: Repository, command: Sequence[str], tmp_path: Path) -> None:
    code, _, said = answer(bare, tmp_path, lambda root: run(root / "sub", *command))
    assert not bare.seen()
    needs_git = command[1] != "forecast" and "--level" not in command
    assert code == (2 if needs_git else 0)
    assert ("HEAD, objects and refs, which git takes for a bare repository" in said) == needs_git


def test_pytest_does_not_take_a_folder_for_a_bare_repository(bare: Repository, tmp_path: Path) -> None:
    code, said, _ = answer(bare, tmp_path, lambda root: run_pytest(root / "sub"))
    assert not bare.seen()
    assert code == 1
    assert "which git takes for a bare repository" in said


@pytest.mark.parametrize("place", [".gitignore", "src/.gitignore", "src/.gitattributes", ".git/info/exclude"])
def test_git_that_waits_for_a_pipe_is_ended(tmp_path: Path, place: str) -> None:
    repository = Repository(tmp_path)
    _fill_plainly(repository, "")
    repository.write("src/new.py", "")
    repository.write("src/cache.py", "LIMIT = 11\n")
    (repository.root / place).unlink(missing_ok=True)
    os.mkfifo(repository.root / place)
    tree = open_work_tree(repository.root, patience_s=0.5)
    for _ in range(2):  # the second call says the same at once
        with pytest.raises(GitError, match=f"{place} is not a regular file, and git waits for it") as caught:
            tree.uncommitted_changes()
        assert caught.value.fix == "remove it"


def test_git_does_not_read_pipes_that_it_does_not_need(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    _fill_plainly(repository, "")
    repository.write("src/cache.py", "LIMIT = 11\n")
    repository.git("config", "diff.orderFile", str(repository.root / "order"))
    for name in ("order", ".mailmap", ".gitmodules"):
        os.mkfifo(repository.root / name)
    assert "SG007" in run(repository.root, *COMMANDS[0], code=1).stdout
    assert "+LIMIT = 11" in run(repository.root, *COMMANDS[2], code=0).stdout

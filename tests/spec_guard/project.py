"""A project with specs and code in a real repository."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.spec_guard.change.scope import Scope
from pytest_orchestrator.spec_guard.guard import guard
from pytest_orchestrator.spec_guard.project import Project as GuardedProject
from pytest_orchestrator.spec_guard.reports.report import SpecReport
from pytest_orchestrator.spec_guard.rules.rule import Rule
from pytest_orchestrator.spec_guard.rules.shipped import SHIPPED_RULES

CORE_RULES = tuple(rule for rule in SHIPPED_RULES if rule.id <= "SG009")
TODAY = date(2020, 11, 20)


class Project:
    """Files, commits, and the spec guard, asked on 2020-11-20."""

    rules: tuple[Rule, ...] = CORE_RULES
    """What is checked: by default, what needs no history."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.settings = SpecGuardSettings(paths=("specs",))
        self.environ: dict[str, str] = {}
        self.git("init", "-q", "-b", "main")

    def with_all_rules(self) -> Project:
        """The same project, checked by everything that we ship."""
        self.rules = SHIPPED_RULES
        return self

    def git(self, *arguments: str, day: date = TODAY) -> str:
        moment = f"{day}T12:00:00+00:00"
        environ = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
        command = ["env", *(f"{key}={value}" for key, value in environ.items()), "git", *arguments]
        return subprocess.run(command, cwd=self.root, check=True, capture_output=True, text=True).stdout.strip()

    def write(self, path: str, text: str | bytes) -> Path:
        where = self.root / path
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_bytes(text if isinstance(text, bytes) else text.encode())
        return where

    def spec(
        self,
        name: str,
        covers: Sequence[str] = (),
        *,
        identity: str = "",
        reviewed: date = TODAY - timedelta(days=10),
        status: str = "approved",
        body: str = "What it does.",
    ) -> str:
        path = f"specs/{name}.md"
        listed = f"covers: {list(covers)}\n" if covers else ""
        head = f"id: {identity or name}\ntitle: T\nstatus: {status}\nowners: [ann]\nlast_review: {reviewed}\n"
        self.write(path, f"---\n{head}{listed}---\n{body}\n")
        return path

    def commit(self, *, day: date = TODAY) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "a change", day=day)
        return self.git("rev-parse", "HEAD")

    def check(self, *paths: str, base: str | None = None, scope: Scope = "all", **settings: object) -> SpecReport:
        project = GuardedProject(
            self.root,
            settings=replace(self.settings, **settings),  # type: ignore[arg-type]  # tests spell settings as they are
            today=TODAY,
            base=base,
            rules=self.rules,
            environ=self.environ,
        )
        return guard(project, paths=paths, scope=scope)

    def found(self, *paths: str, base: str | None = None, scope: Scope = "all", **settings: object) -> list[str]:
        """`rule path` of every diagnostic, warnings with a question mark."""
        report = self.check(*paths, base=base, scope=scope, **settings)
        return [f"{item.rule}{'?' * (item.severity == 'warning')} {item.path}" for item in report.diagnostics]

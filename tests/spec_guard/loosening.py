"""A project with a strict policy, and what a change does to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from pytest_orchestrator.config import load_settings
from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.spec_guard.coverage.meaning import file_digest
from pytest_orchestrator.spec_guard.coverage.syntax import text_digest
from pytest_orchestrator.spec_guard.guard import guard
from pytest_orchestrator.spec_guard.project import Project as GuardedProject
from pytest_orchestrator.spec_guard.reviews.ledger import ReviewRecord, render_reviews
from pytest_orchestrator.spec_guard.rules.shipped import SHIPPED_RULES
from tests.spec_guard.project import TODAY, Project

OLD = TODAY - timedelta(days=10)
BODY = "It MUST hold at most 10 items."
LEDGER = "tasks/reviews.jsonl"
TABLE = "[tool.pytest_orchestrator.spec_guard]\n"
SETTINGS = f"""\
{TABLE}paths = ["specs", "more"]
code = ["src/", "lib/"]
require_spec = "fail"
scope = "all"
warn_days = 10
bulk_dates = 5
[tool.pytest_orchestrator.spec_guard.approvals]
roles = ["security"]
[tool.pytest_orchestrator.spec_guard.drift]
max_days = 10
max_commits = 5
[tool.pytest_orchestrator.spec_guard.severity]
SG012 = "error"
[tool.pytest.ini_options]
addopts = "--spec-guard"
"""
APPROVERS = """\
schema: pytest-orchestrator/approvers/1
approvers:
  bob: {emails: [bob@example.org], roles: [security]}
  bot: {emails: [bot@example.org], agent: true}
"""
OVERRIDE = """\
schema: pytest-orchestrator/overrides/1
overrides:
"""


def override(rule: str, spec: str, approver: str = "zoe", days: int = 5) -> str:
    return (
        f'- rule: {rule}\n  spec: "{spec}"\n  reason: there is a good reason\n  owner: ann\n'
        f"  approved_by: {approver}\n  expires: {TODAY + timedelta(days=days)}\n"
    )


class Change(Project):
    """The base of the cheats, and what a change may do to it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        if not (root / ".git").exists():
            super().__init__(root)

    def guarded(self, base: str | None = "base") -> GuardedProject:
        """The project with the settings in its file."""
        settings = load_settings(self.root).spec_guard
        return GuardedProject(self.root, settings=settings, today=TODAY, base=base, rules=SHIPPED_RULES, environ={})

    def errors(self, base: str | None = "base") -> list[Diagnostic]:
        """The violations of the change since `base`."""
        return list(guard(self.guarded(base)).errors)

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text()
        assert old in text
        self.write(path, text.replace(old, new))

    def commit_as(self, name: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x", "--author", f"{name} <{name.lower()}@example.org>", day=TODAY)

    def settings_with(self, text: str) -> None:
        self.edit("pyproject.toml", TABLE, TABLE + text)

    def approve(self, name: str) -> None:
        """Let bob approve the present text."""
        entry = f"approvals:\n- {{by: bob, body: '{text_digest(BODY)}'}}\n"
        self.edit(f"specs/{name}.md", "owners:", f"{entry}owners:")

    def review(self, name: str, by: str = "ann", body: str = BODY) -> None:
        code = (self.root / "src" / f"{name}.py").read_bytes()
        made = ReviewRecord(
            spec=name,
            path=f"specs/{name}.md",
            by=by,
            on=TODAY if by != "ann" else OLD,
            body=text_digest(body),
            covers={f"src/{name}.py": file_digest(code, f"src/{name}.py")},
        )
        path = self.root / LEDGER
        before = path.read_text() if path.exists() else ""
        self.write(LEDGER, before + render_reviews([made]))

    def change_code(self) -> None:
        self.write("src/cache.py", "LIMIT = 1000\n")


def build_base(root: Path) -> Change:
    """Specs of two modules, reviewed, approved, one with evidence; a draft; approvers; a strict policy."""
    made = Change(root)
    made.write("pyproject.toml", SETTINGS)
    made.write("tasks/approvers.yaml", APPROVERS)
    for name in ("cache", "store"):
        made.write(f"src/{name}.py", f"LIMIT = 10\n\n\ndef {name}():\n    return LIMIT\n")
        made.spec(name, [f"src/{name}.py"], reviewed=OLD, body=BODY)
        made.review(name)
    made.edit("specs/cache.md", "owners:", "evidence: required\nowners:")
    made.spec("more", reviewed=OLD, body="More.", status="draft")
    (root / "more").mkdir()
    (root / "specs/more.md").rename(root / "more/more.md")
    made.commit(day=OLD)
    for name in ("cache", "store"):
        made.approve(name)
    made.commit_as("Bob")
    made.git("tag", "base")
    return made


def swap(old: str, new: str = "", path: str = "pyproject.toml") -> Callable[[Change], object]:
    """Replace text in a file."""
    return lambda change: change.edit(path, old, new)


def put(path: str, text: str = "") -> Callable[[Change], object]:
    """Write a file."""
    return lambda change: change.write(path, text)

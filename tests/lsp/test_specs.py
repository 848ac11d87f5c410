"""The spec guard in an editor: findings in specs, and which spec governs a line of code."""

from __future__ import annotations

import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.lsp.editor import Editor

_CODE = """\
import time


class Cache:
    def get(self):
        return time.time()


def other():
    return 1
"""
_TODAY = date.today()  # noqa: DTZ011 - as the server


def _spec(*, reviewed: date, body: str = "A value MUST be forgotten.", id_: str = "cache") -> str:
    return (
        f"---\nid: {id_}\ntitle: Values\nstatus: implemented\nowners: [ada]\nlast_review: {reviewed}\n"
        f"covers:\n  - cache.py::Cache\n---\n\n# Values\n\n{body}\n"
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a spec that was reviewed ten days ago, and its code."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "pyproject.toml").write_text("[tool.pytest_orchestrator.spec_guard]\nmax_age_days = 30\n")
    (tmp_path / "specs" / "cache.md").write_text(_spec(reviewed=_TODAY - timedelta(days=10)))
    (tmp_path / "cache.py").write_text(_CODE)
    when = f"{_TODAY - timedelta(days=10)}T12:00:00+00:00"
    for git in (["init", "--quiet", "-b", "main"], ["add", "."], ["commit", "--quiet", "-m", "Begin", "--date", when]):
        subprocess.run(["git", *git], cwd=tmp_path, check=True)
    return tmp_path


def test_a_line_tells_its_spec(editor: Editor, project: Path) -> None:
    uri = editor.open(project / "cache.py")
    due = _TODAY + timedelta(days=20)
    lens = f"spec cache: reviewed 10 days ago, due {due}"
    assert editor.until(lambda: editor.lenses(uri)) == [(4, lens)]
    assert editor.hover(uri, 5) == f"Values (specs/cache.md)\nreviewed 10 days ago, due {due}; owners: ada"
    assert editor.hover(uri, 9) == ""
    editor.change(uri, "\n\n" + _CODE)
    assert editor.until(lambda: [one for one in editor.lenses(uri) if one[0] == 6]) == [(6, lens)]
    editor.command("pytest-orchestrator.openSpec", (project / "specs" / "cache.md").as_uri())


def test_a_change_that_is_not_saved_says_which_spec_has_to_move(editor: Editor, project: Path) -> None:
    uri, spec = editor.open(project / "cache.py"), (project / "specs" / "cache.md").as_uri()
    editor.until(lambda: editor.lenses(uri))
    editor.change(uri, _CODE.replace("return 1", "return 2"))
    editor.change(uri, _CODE.replace("time.time()", "0"))
    editor.until(lambda: ("SG007", 4) in editor.shown(uri))
    editor.until(lambda: "SG007" in {rule for rule, _ in editor.shown(spec)})  # though it is not open
    editor.until(lambda: editor.lenses(uri)[0][1].endswith("; this change has to update it"))
    assert "this change has to update the spec" in editor.hover(uri, 4)
    text = _spec(reviewed=_TODAY, body="A value MUST be forgotten at once.")
    editor.open(project / "specs" / "cache.md", text, language="markdown")
    editor.until(lambda: not editor.shown(uri) and not editor.shown(spec))
    editor.shut(spec)
    editor.until(lambda: ("SG007", 4) in editor.shown(uri))
    editor.change(uri, _CODE)
    editor.until(lambda: not editor.shown(uri) and not editor.shown(spec))


def test_a_spec_is_judged_as_it_is_typed(editor: Editor, project: Path) -> None:
    file = project / "specs" / "cache.md"
    uri = editor.open(file, _spec(reviewed=_TODAY - timedelta(days=40)), language="markdown")
    editor.until(lambda: ("SG005", 6) in editor.shown(uri))
    editor.change(uri, _spec(reviewed=_TODAY).replace("status: implemented", "status: finished"))
    editor.until(lambda: ("SG002", 4) in editor.shown(uri))
    editor.change(uri, file.read_text())
    editor.until(lambda: not editor.shown(uri))


def test_a_project_without_specs_or_git_has_no_findings(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "docs" / "specs").mkdir(parents=True)
    (tmp_path / "docs" / "specs" / "grammar.md").write_text("# A grammar\n\nIt MUST be parsed.\n")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    uri = editor.open(tmp_path / "docs" / "specs" / "grammar.md", language="markdown")
    code = editor.open(tmp_path / "a.py", "def f(x=[]): pass\n")
    assert editor.judged(code) == {("mutable-default-argument", 1)}
    assert editor.hover(uri, 1) == ""
    assert uri not in editor.published or not editor.shown(uri)


def test_what_keeps_specs_from_being_checked_is_said_once(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "cache.md").write_text(_spec(reviewed=_TODAY))
    uri = editor.open(tmp_path / "cache.py", _CODE)
    said = editor.until(lambda: [item.message for item in editor.client.messages if str(tmp_path) in item.message])
    assert said[0].startswith("pytest-orchestrator: specs are not checked: ")
    editor.shut(uri)

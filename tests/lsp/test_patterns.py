"""Patterns in an editor: findings while one types, and code actions."""

from __future__ import annotations

import subprocess
from functools import partial
from pathlib import Path

import pytest

from tests.cli.command_line import run
from tests.conftest import write_pattern_folder
from tests.lsp.editor import Editor

_SHARED = "def add(item, to=[]):\n    to.append(item)\n    return to\n"
_MODERN = """\
class Name(object):
    def text(self):
        return "%s and %s" % (self.first, self.last)


class Other(object):
    pass
"""
_FINDING = ("mutable-default-argument", 1)


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


def _shows(editor: Editor, uri: str, expected: set[tuple[str, int]]) -> bool:
    return editor.shown(uri) == expected


def test_findings_follow_what_is_typed_and_not_saved(editor: Editor, tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(_SHARED)
    uri = editor.open(file)
    assert editor.judged(uri) == {_FINDING}
    editor.change(uri, "\n" + _SHARED)
    assert editor.judged(uri) == {("mutable-default-argument", 2)}
    editor.change(uri, _SHARED.replace("[]", "()"))
    assert editor.judged(uri) == set()
    editor.change(uri, _SHARED.replace("[]):", "[]):  # orchestrator: ignore[mutable-default-argument] a cache"))
    assert editor.judged(uri) == set()
    assert file.read_text() == _SHARED
    editor.change(uri, _SHARED)
    assert editor.judged(uri) == {_FINDING}
    editor.shut(uri)
    editor.until(lambda: not editor.shown(uri))


def test_a_text_that_is_no_python_says_so(editor: Editor, tmp_path: Path) -> None:
    uri = editor.open(tmp_path / "module.py", "x = [\n" + _SHARED)
    assert {rule for rule, _ in editor.judged(uri)} == {"syntax"}
    editor.change(uri, "# coding: latin-1\nx = '\N{SNOWMAN}'\n" + _SHARED)
    editor.judged(uri)
    assert "is not in the encoding that it declares" in editor.published[uri][-1].diagnostics[0].message


def test_the_newest_of_many_quick_changes_wins(editor: Editor, tmp_path: Path) -> None:
    uri = editor.open(tmp_path / "module.py", _SHARED)
    for number in range(200):
        editor.change(uri, "\n" * number + (_SHARED if number % 2 else "x = 1\n"))
    assert editor.judged(uri) == {("mutable-default-argument", 200)}
    versions = [params.version or 0 for params in editor.published[uri]]
    assert versions == sorted(versions)
    assert versions[-1] == 201


def test_one_place_the_file_and_the_command_line_agree(editor: Editor, tmp_path: Path) -> None:
    uri = editor.open(tmp_path / "module.py", _MODERN)
    actions = editor.actions(uri, 6)
    one = actions["no-object-base: change this statement"]
    assert editor.after(uri, one.edit) == _MODERN.replace("Other(object)", "Other")
    both = actions["no-object-base: change the whole file"]
    assert editor.after(uri, both.edit) == _MODERN.replace("(object)", "")
    assert not any("percent-format" in title for title in actions)
    (everything,) = editor.actions(uri, 1, only=["source.fixAll"]).values()
    file = tmp_path / "module.py"
    file.write_text(_MODERN)
    run(tmp_path, "patterns", "apply", "--allow-dirty", "--no-cache", "module.py", code=0)
    assert editor.after(uri, everything.edit) == file.read_text() != _MODERN
    assert editor.actions(uri, 5, only=["quickfix"]) == {}


def test_a_finding_with_a_fix_offers_it(editor: Editor, tmp_path: Path) -> None:
    table = "[tool.pytest_orchestrator.patterns]\nselect = ['fixit.rules.compare_primitives_by_equal']\n"
    (tmp_path / "pyproject.toml").write_text(table)
    uri = editor.open(tmp_path / "module.py", "def f(x):\n    return x is 'a'\n")
    ((rule, line),) = editor.judged(uri)
    assert line == 2
    fixes = editor.actions(uri, 2, only=["quickfix"])
    (fix,) = fixes.values()
    assert editor.after(uri, fix.edit) == "def f(x):\n    return x == 'a'\n"
    assert [item.code for item in fix.diagnostics] == [rule]
    assert editor.actions(uri, 1, only=["quickfix"]) == {}


def test_the_project_is_changed_as_saved_and_as_typed(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    for name in ("saved.py", "opened.py", "fine.py"):
        (tmp_path / name).write_text("x = 1\n" if name == "fine.py" else _MODERN)
    uri = editor.open(tmp_path / "opened.py", "\n" + _MODERN)
    assert "no-object-base: change the whole project" in editor.actions(uri, 2)
    editor.command("pytest-orchestrator.fixProject", uri, "no-object-base")
    edit = editor.applied[-1].edit
    assert set(edit.changes or {}) == {uri, (tmp_path / "saved.py").as_uri()}
    assert editor.after(uri, edit) == "\n" + _MODERN.replace("(object)", "")
    assert (tmp_path / "saved.py").read_text() == _MODERN
    count = len(editor.applied)
    editor.command("pytest-orchestrator.fixProject", uri, "six-removal")
    assert len(editor.applied) == count


def test_the_nearest_settings_count_when_they_are_saved(editor: Editor, tmp_path: Path) -> None:
    table = "[tool.pytest_orchestrator.patterns]\n"
    settings = tmp_path / "pyproject.toml"
    settings.write_text(table + "ignore = ['mutable-default-argument']\n")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "pyproject.toml").write_text(table)
    outer = editor.open(tmp_path / "module.py", _SHARED)
    inner = editor.open(tmp_path / "inner" / "module.py", _SHARED)
    assert editor.judged(inner) == {_FINDING}
    assert editor.judged(outer) == set()
    project = editor.open(settings, language="toml")
    for text, expected in (
        ("exclude = ['other.py']\n", {_FINDING}),
        ("exclude = ['module.py']\n", set()),
        ("select = ['no-object-base']\n", set()),
        ("exclud = []\n", {("patterns", 1)}),
        ("", {_FINDING}),
    ):
        editor.change(project, table + text)
        editor.save(project, settings)
        editor.until(partial(_shows, editor, outer, expected))
        if text == "exclud = []\n":
            message = editor.published[outer][-1].diagnostics[0].message
            assert message.startswith("pyproject.toml:2: ")
            assert "exclude" in message


def test_files_that_git_ignores_are_left_alone(editor: Editor, tmp_path: Path) -> None:
    _git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text("build/\n")
    (tmp_path / "build").mkdir()
    for name in ("build/module.py", "module.py"):
        (tmp_path / name).write_text(_SHARED)
    assert editor.judged(editor.open(tmp_path / "build/module.py")) == set()
    assert editor.judged(editor.open(tmp_path / "module.py")) == {_FINDING}
    assert editor.judged(editor.open(tmp_path / "new.py", _SHARED)) == {_FINDING}


_ENDLESS = """
from pytest_orchestrator.api.patterns import Linter

class Entry(Linter):
    def visit_Name(self, node):
        while node.value == "endless":
            pass
        if node.value == "gone":
            import os
            os._exit(3)
"""


@pytest.mark.parametrize(("word", "reason"), [("endless", "time"), ("gone", "exited")])
def test_a_hostile_pattern_costs_one_file(editor: Editor, tmp_path: Path, word: str, reason: str) -> None:
    write_pattern_folder(tmp_path / "patterns", "hostile", kind="linter", code=_ENDLESS)
    (tmp_path / "pyproject.toml").write_text("")
    hostile = editor.open(tmp_path / "a.py", f"{word} = 1\n" + _SHARED)
    other = editor.open(tmp_path / "b.py", _SHARED)
    assert editor.hover(other, 1) == ""  # the server answers meanwhile
    assert editor.judged(other) == {_FINDING}
    assert editor.judged(hostile) == {("hostile", 1), ("mutable-default-argument", 2)}
    assert f"not checked ({reason})" in editor.published[hostile][-1].diagnostics[0].message
    before = len(editor.published[hostile])
    editor.change(hostile, f"\n{word} = 1\n" + _SHARED)  # not run again: this would take as long
    assert editor.judged(hostile) == {("hostile", 1), ("mutable-default-argument", 3)}
    assert len(editor.published[hostile]) == before + 1


def test_a_change_ends_work_that_takes_long(editor: Editor, tmp_path: Path) -> None:
    write_pattern_folder(tmp_path / "patterns", "hostile", kind="linter", code=_ENDLESS)
    (tmp_path / "pyproject.toml").write_text("")
    uri = editor.open(tmp_path / "a.py", "endless = 1\n")
    editor.change(uri, _SHARED)
    assert editor.judged(uri) == {_FINDING}
    assert [params.version for params in editor.published[uri]] == [2]


_MARKING = """
from pathlib import Path
from libcst.codemod import VisitorBasedCodemodCommand

Path({marker!r}).touch()

class Entry(VisitorBasedCodemodCommand):
    pass
"""


@pytest.mark.parametrize("arguments", [(), ("--library", "shipped")])
def test_the_projects_own_patterns_can_be_left_out(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    marker = tmp_path / "it-ran"
    write_pattern_folder(tmp_path / "patterns", "own", code=_MARKING.format(marker=str(marker)))
    (tmp_path / "pyproject.toml").write_text("")
    editor = Editor(*arguments)
    uri = editor.open(tmp_path / "a.py", _SHARED + _MODERN)
    assert _FINDING in editor.judged(uri)
    editor.actions(uri, 5)
    ran_on_the_file = marker.exists()
    marker.unlink(missing_ok=True)
    editor.command("pytest-orchestrator.fixProject", uri, "")
    assert (ran_on_the_file, marker.exists()) == (not arguments, not arguments)
    assert editor.close() == 0

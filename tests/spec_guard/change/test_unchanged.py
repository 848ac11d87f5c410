"""SG007 for a change that leaves the meaning of covered code as it was."""

from __future__ import annotations

import pytest

from pytest_orchestrator.spec_guard.change.scope import Scope
from tests.spec_guard.project import Project

CODE = "import os\nimport sys\n\n\ndef get(key):\n    return os.environ[key]\n"
SG007 = ["SG007 specs/a.md"]


@pytest.fixture
def guarded(project: Project) -> Project:
    """A project whose spec covers a module, on a branch."""
    project.write("src/one.py", CODE)
    project.spec("a", ["src/one.py"])
    project.commit()
    project.git("checkout", "-q", "-b", "topic")
    return project


def settle(project: Project) -> None:
    """Commit everything to `main` too."""
    project.commit()
    project.git("branch", "-f", "main", "HEAD")


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize(
    "after",
    [
        "# Copyright\n" + CODE,
        CODE.replace("import os\nimport sys\n", "import sys\nimport os\n"),
        CODE.replace("(key):", '(key):\n    """Words."""'),
        CODE.replace("\n", "\r\n"),
        CODE.replace("[key]", "[\n        key\n    ]"),
    ],
)
def test_rewritten_code_blocks_no_spec(guarded: Project, after: str, committed: bool) -> None:
    guarded.write("src/one.py", after)
    if committed:
        guarded.commit()
    assert guarded.found(base="main", code=("src/",), require_spec="fail") == []


def test_mode_does_not_count(guarded: Project) -> None:
    (guarded.root / "src/one.py").chmod(0o755)
    assert guarded.found(base="main") == []


def test_docstrings_count_when_the_setting_says_so(guarded: Project) -> None:
    guarded.write("src/one.py", CODE.replace("(key):", '(key):\n    """Words."""'))
    assert guarded.found(base="main", docstrings=True) == SG007


@pytest.mark.parametrize("how", ["link", "behaviour", "staged", "removed from the index"])
def test_what_only_looks_the_same_counts(guarded: Project, how: str) -> None:
    where = guarded.root / "src/one.py"
    match how:
        case "link":  # its target is spelled like the former content
            guarded.write("src/one.py", "two.py")
            settle(guarded)
            where.unlink()
            where.symlink_to("two.py")
        case "behaviour":
            where.write_text(CODE.replace("[key]", ".get(key)"))
        case "staged":
            where.write_text(CODE.replace("[key]", ".get(key)"))
            guarded.git("add", ".")
            where.write_text(CODE)
        case _:
            guarded.git("rm", "-q", "--cached", "src/one.py")
    assert guarded.found(base="main") == SG007


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize(
    ("covers", "after", "edit", "found"),
    [
        ("src/one.py", "lib/two.py", "", []),
        ("src/", "src/sub/one.py", "", []),
        ("src/one.py::get", "lib/two.py::get", "", []),
        ("src/one.py", "lib/two.py", "# a comment\n", []),
        ("src/one.py", "lib/two.py", "x = 1\n", SG007),
        ("src/", "lib/one.py", "", SG007),  # covers was not updated
    ],
)
def test_moved_code_blocks_no_spec(
    guarded: Project, *, covers: str, after: str, edit: str, found: list[str], committed: bool
) -> None:
    guarded.spec("a", [covers])
    settle(guarded)
    path = after.partition("::")[0]
    (guarded.root / path).parent.mkdir(parents=True, exist_ok=True)
    guarded.git("mv", "src/one.py", path)
    guarded.write(path, CODE + edit)
    if covers != "src/":
        guarded.spec("a", [after])
    if committed:
        guarded.commit()
    assert [item for item in guarded.found(base="main") if item.startswith("SG007")] == found


@pytest.mark.parametrize("edit", ["", "# a comment\n", "x = 1\n"])
def test_moved_and_edited_file_is_told_as_one(guarded: Project, edit: str) -> None:
    guarded.spec("a", ["src/one.py", "src/two.py"])
    settle(guarded)
    guarded.git("mv", "src/one.py", "src/two.py")
    guarded.write("src/two.py", CODE + edit)
    messages = [item.message for item in guarded.check(base="main").errors]
    assert [each.partition(" changed,")[0] for each in messages] == (
        ["src/two.py (moved from src/one.py)"] if edit.startswith("x") else []
    )


@pytest.mark.parametrize(
    ("text", "old", "new", "found"),
    [
        ("from . import two\n", "src/one.py", "lib/one.py", SG007),
        ("x = Path(__file__).parent\n", "src/one.py", "lib/one.py", SG007),
        ("x = Path(__file__).parent\n", "src/one.py", "src/two.py", []),
        ("x = 1\n", "src/one.py", "src/one/__init__.py", []),
        ("x = 1\n", "src/one.py", "src/conftest.py", SG007),
        ("x = 1\n", "src/sub/__init__.py", "src/sub/core.py", SG007),
        ("package a\n", "src/one.go", "lib/one.go", SG007),
        ("package a\n", "src/one.go", "src/two.go", []),
        ("package a\n", "src/one.go", "src/one_linux.go", SG007),
        ('#include "a.h"\n', "src/one.c", "lib/one.c", SG007),
        ("#include <a.h>\n", "src/one.c", "lib/one.c", []),
        ("mod two;\n", "src/one.rs", "lib/one.rs", SG007),
        ("f(__dirname)\n", "src/one.js", "lib/one.js", SG007),
        ("<?php require __DIR__;\n", "src/one.php", "lib/one.php", SG007),
        ("a { b: url(c.png) }\n", "src/one.css", "lib/one.css", SG007),
        ("class A {}\n", "src/A.java", "lib/A.java", []),
    ],
)
def test_move_to_where_the_file_means_something_else_counts(
    guarded: Project, *, text: str, old: str, new: str, found: list[str]
) -> None:
    guarded.write(old, text)
    guarded.spec("a", [old])
    settle(guarded)
    (guarded.root / new).parent.mkdir(parents=True, exist_ok=True)
    guarded.git("mv", old, new)
    guarded.spec("a", [new])
    assert guarded.found(base="main") == found


def test_entry_that_exists_literally_is_taken_literally(guarded: Project) -> None:
    for name in ("[slug]", "s"):
        guarded.write(f"app/{name}/page.txt", "1")
    guarded.spec("a", ["app/[slug]/page.txt"])
    guarded.spec("b", ["app/[slug]/"])
    settle(guarded)
    guarded.write("app/s/page.txt", "2")
    assert guarded.found(base="main") == []
    guarded.write("app/[slug]/page.txt", "2")
    assert guarded.found(base="main") == [*SG007, "SG007 specs/b.md"]
    guarded.git("rm", "-qf", "app/[slug]/page.txt")
    guarded.git("checkout", "-q", "main", "--", "app/s/page.txt")
    assert guarded.found(base="main") == [*SG007, "SG007 specs/b.md"]


@pytest.mark.parametrize(
    ("path", "before", "after", "found"),
    [
        ("src/pkg/use.py", "", "from pkg import impl\nimpl.LIMIT = 2\n", SG007),
        ("src/pkg/use.py", "", "from . import impl as i\ndel i.LIMIT\n", SG007),
        ("src/pkg/use.py", "import pkg.impl\n", "import pkg.impl\nsetattr(pkg.impl, 'LIMIT', 3)\n", SG007),
        ("src/pkg/use.py", "", "import pkg\npkg.LIMIT += 2\n", SG007),
        ("src/pkg/__init__.py", "from .impl import LIMIT\n", "from .other import LIMIT\n", SG007),
        ("src/pkg/__init__.py", "from .impl import LIMIT\n", "from .impl import LIMIT as TOP\n", SG007),
        ("src/pkg/use.py", "", "import pkg.impl\nfor n in ns():\n    setattr(pkg.impl, n, 2)\n", SG007),
        ("src/pkg/use.py", "", "from . import impl\nvars(impl)['LIMIT'] = 2\n", SG007),
        ("src/pkg/use.py", "", "from pkg import impl\nimpl.__dict__.update(x)\n", SG007),
        ("src/pkg/use.py", "", "from pkg import other\nsetattr(other, n, 2)\n", []),
        ("src/pkg/use.py", "", "def f(self, n): setattr(self, n, 2)\n", []),
        ("src/pkg/use.py", "", "from pkg import impl\nimpl.OTHER = 2\n", []),
        ("src/pkg/use.py", "", "from lib import impl\nimpl.LIMIT = 2\n", []),
        ("src/pkg/use.py", "", "from pkg.impl import LIMIT\nprint(LIMIT)\n", []),
        (
            "src/pkg/use.py",
            "from pkg import impl\nimpl.LIMIT = 2\n",
            "# why\nfrom pkg import impl\nimpl.LIMIT = 2\n",
            [],
        ),
        ("tests/test_impl.py", "", "from pkg import impl\nimpl.LIMIT = 2\n", []),
    ],
)
def test_definition_is_seen_to_be_changed_from_another_file(
    project: Project, path: str, before: str, after: str, found: list[str]
) -> None:
    project.write("src/pkg/impl.py", "LIMIT = 1\n")
    project.write(path, before)
    project.spec("a", ["src/pkg/impl.py::LIMIT"])
    project.commit()
    project.write(path, after)
    assert project.found(base="HEAD") == found


def test_exported_definition_is_followed_to_where_it_is(project: Project) -> None:
    project.with_all_rules()
    project.write("src/pkg/__init__.py", "from .api import Cache\nx = 1\n")
    project.write("src/pkg/api.py", "from pkg.impl import Store as Cache\n")
    project.write("src/pkg/impl.py", "class Store:\n    limit = 1\nother = 1\n")
    project.spec("a", ["src/pkg/__init__.py::Cache"])
    project.commit()
    assert project.found(base="HEAD") == []
    project.write("src/pkg/impl.py", "class Store:\n    limit = 1\nother = 2\n")
    assert project.found(base="HEAD") == []
    project.write("src/pkg/impl.py", "class Store:\n    limit = 2\nother = 1\n")
    assert SG007[0] in project.found(base="HEAD")


def test_code_without_a_spec_can_move(guarded: Project) -> None:
    guarded.write("src/other.py", "x = 1\n")
    settle(guarded)
    guarded.git("mv", "src/other.py", "src/another.py")
    assert guarded.found(base="main", code=("src/",), require_spec="fail") == []
    guarded.write("src/another.py", "x = 2\n")
    assert guarded.found(base="main", code=("src/",), require_spec="fail") != []


@pytest.mark.parametrize(
    ("covers", "added"),
    [
        ("src/one.py", "src/one/__init__.py"),
        ("src/one.py::get", "src/one/__init__.py"),
        ("src/*.py", "src/one/__init__.py"),
        ("src/one.py", "src/one.cpython-313-x86_64-linux-gnu.so"),
        ("src/one.py", "src/one.pyd"),
        ("src/one.py", "src/one.pyi"),
        ("src/two/__init__.py", "src/two/__init__.abi3.so"),
        ("app/three/index.ts", "app/three.js"),
    ],
)
@pytest.mark.parametrize("scope", ["all", "changed"])
def test_file_that_is_loaded_in_place_of_covered_code_counts(
    guarded: Project, covers: str, added: str, scope: Scope
) -> None:
    guarded.write("src/two/__init__.py", CODE)
    guarded.write("app/three/index.ts", "let x = 1\n")
    guarded.spec("a", [covers])
    settle(guarded)
    guarded.write(added, "x = 1\n")
    assert guarded.found(base="main", scope=scope) == SG007
    guarded.commit()
    assert guarded.found(base="main", scope=scope) == SG007
    settle(guarded)
    guarded.write(added, "x = 2\n")  # the covered file was not loaded before either
    assert guarded.found(base="main", scope=scope) == []
    guarded.git("rm", "-qf", added)
    assert guarded.found(base="main", scope=scope) == SG007


@pytest.mark.parametrize("added", ["src/one/other.py", "src/other/__init__.py", "src/other.pyi", "src/index.js"])
def test_file_that_is_loaded_in_place_of_nothing_does_not_count(guarded: Project, added: str) -> None:
    guarded.write(added, "x = 1\n")
    assert guarded.found(base="main") == []


@pytest.mark.parametrize("hidden", ["--assume-unchanged", "--skip-worktree"])
@pytest.mark.parametrize("edit", ["code", "deleted", "code and spec", "none"])
def test_change_that_git_was_told_not_to_see_counts(guarded: Project, hidden: str, edit: str) -> None:
    guarded.git("update-index", hidden, "src/one.py", "specs/a.md")
    found = SG007
    match edit:
        case "code":
            guarded.write("src/one.py", CODE.replace("[key]", ".get(key)"))
        case "deleted":  # a sparse checkout leaves files out, too
            (guarded.root / "src/one.py").unlink()
            found = [] if hidden == "--skip-worktree" else SG007
        case "code and spec":
            guarded.write("src/one.py", CODE.replace("[key]", ".get(key)"))
            guarded.spec("a", ["src/one.py"], body="Other words.")
            found = []
        case _:
            found = []
    assert guarded.git("status", "--porcelain") == ""
    assert guarded.found(base="main") == found

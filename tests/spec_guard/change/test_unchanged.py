"""SG007 for a change that leaves the meaning of covered code as it was."""

from __future__ import annotations

import pytest

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


def test_relative_imports_mean_something_else_in_another_folder(guarded: Project) -> None:
    guarded.write("src/one.py", "from . import two\n")
    settle(guarded)
    (guarded.root / "lib").mkdir()
    guarded.git("mv", "src/one.py", "lib/one.py")
    guarded.spec("a", ["lib/one.py"])
    assert guarded.found(base="main") == SG007


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

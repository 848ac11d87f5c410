"""The scope `changed` finds the specs that a change concerns by a search, with the verdict of reading all of them."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from pytest_orchestrator.spec_guard.rules.rule import Rule
from pytest_orchestrator.spec_guard.rules.shipped import SHIPPED_RULES
from tests.spec_guard.project import TODAY, Project

# A rule of another package may look at any spec, so all of them are read.
ALL_ARE_READ = (*SHIPPED_RULES, Rule(id="X1", reason="", fix="", docs=""))


def _verdicts(project: Project, base: str = "HEAD") -> tuple[list[str], list[str]]:
    """Of the search, and of reading every spec."""
    found = []
    for rules in (SHIPPED_RULES, ALL_ARE_READ):
        project.rules = rules
        report = project.check(scope="changed", base=base, code=("src/",))
        found.append([str(item) for item in report.diagnostics])
    return found[0], found[1]


@pytest.mark.parametrize(
    "entry",
    [
        *("src/app/a.py", "./src/app/a.py", "src/app/a.py::run", "src", "src/", "src/app", "./src/app/"),
        *("'*/app/*'", "'**/a.py'", "'./*/app/a.py'", "s*/app/a.py", "sr?/app/*", "'[s]rc/app/a.py'", "s[r]c/app/a.py"),
        *("?rc/app/a.py", "src/*/a.py", "src/a*/a.py", "src/app/?.py", "src/**/a.py", "src/app/[a].py", "."),
        *('"src/\\x61pp/a.py"', '"src\\/app/a.py"', '"src/\\\n  app/a.py"', "&a src/app/a.py"),
        *("|-\n    src/app/a.py", ">-\n    **/a.py", "src/app/a.py # why", "\n  src/app/a.py"),
    ],
)
def test_every_spelling_of_an_entry_is_found(project: Project, entry: str) -> None:
    project.spec("plain")
    for name, text in (("block", f"\n- other/x.py\n- {entry}"), ("flow", f" [other/x.py, {entry}]")):
        if name == "block" or ("#" not in entry and "|-" not in entry and ">-" not in entry):
            head = f"id: {name}\ntitle: T\nstatus: implemented\nowners: [ann]\nlast_review: 2020-11-10\n"
            project.write(f"specs/{name}.md", f"---\n{head}covers:{text}\n---\nWords.\n")
    project.write("src/app/a.py", "def run():\n    return 1\n")
    project.commit(day=TODAY - timedelta(days=10))
    project.write("src/app/a.py", "def run():\n    return 2\n")
    searched, read = _verdicts(project)
    assert searched == read
    assert any("SG007 src/app/a.py changed" in item for item in read)


@pytest.mark.parametrize(
    "name", ["one", "'one'", '"one"', '"\\x6fne"', "one # same", "\n  one", "|-\n  one", "&a one", "!!str one"]
)
def test_every_spelling_of_an_id_is_found(project: Project, name: str) -> None:
    project.spec("first", identity="one")
    head = f"title: T\nstatus: draft\nowners: [ann]\nlast_review: 2020-11-10\nid: {name}\n"
    project.write("specs/second.md", f"---\n{head}---\nWords.\n")
    project.commit()
    project.spec("first", identity="one", body="Other words.")
    searched, read = _verdicts(project)
    assert searched == read
    assert any("the id 'one' is used twice" in item for item in read) != ("!!" in name)


@pytest.mark.parametrize("seed", range(6))
def test_verdict_is_that_of_reading_every_spec(project: Project, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same cases in each run
    files = [f"src/{folder}/{name}.py" for folder in ("a", "b", "my dir") for name in ("x", "y")]
    entries = [*files, "src/a", "src/b/*.py", "src/**/x.py", "'*.md'", "src/b/y.py::f"]

    def write(number: int) -> None:
        covers = chance.sample(entries, k=chance.randrange(3))
        status = chance.choice(["draft", "implemented", "retired"])
        project.spec(f"s{number}", identity=f"s{chance.choice((number, 0))}", status=status, body=str(chance.random()))
        where = project.root / f"specs/s{number}.md"
        related = chance.choice(["", "relates_to: [s0]\n", "relates_to: [s3, none]\n"])
        listed = f"covers: [{', '.join(covers)}]\n{related}---\n"
        where.write_text(where.read_text().replace("---\n", listed, 2).replace(listed, "---\n", 1))

    for path in files:
        project.write(path, "def f():\n    return 1\n")
    for number in range(8):
        write(number)
    project.commit(day=TODAY - timedelta(days=10))
    for number in chance.sample(range(8), k=3):
        write(number)
    (project.root / f"specs/s{chance.randrange(8)}.md").unlink()
    for path in chance.sample(files, k=2):
        project.write(path, f"def f():\n    return {chance.random()}\n")
    searched, read = _verdicts(project)
    assert searched == read


def test_change_that_concerns_no_spec_is_clean_and_others_are_not_read(project: Project) -> None:
    project.spec("a", ["src/a.py"])
    project.write("specs/broken.md", "no front matter\n")
    project.write("src/b.py", "1")
    project.commit()
    project.write("src/b.py", "2")
    project.rules = SHIPPED_RULES
    report = project.check(scope="changed", base="HEAD")
    assert (report.specs, report.diagnostics) == ((), ())
    project.settings = replace(project.settings, index="tasks/none.json")
    project.write("specs/broken.md", "still none\n")
    assert project.found(scope="changed", base="HEAD") == ["SG001 specs/broken.md"]


@pytest.mark.parametrize("seed", range(4))
def test_verdict_over_a_history_is_that_of_reading_every_spec(project: Project, seed: int) -> None:
    """Commits of several days and authors, moves, deletions and merges; each of them is the base once."""
    chance = random.Random(seed)  # noqa: S311 - the same cases in each run
    bases = []
    for number in range(4):
        project.spec(f"s{number}", [f"src/{number}.py", f"src/{(number + 1) % 4}.py::f"], body=f"Words {number}.")
        project.write(f"src/{number}.py", "def f():\n    return 1\n")
    for step in range(8):
        bases.append(project.commit(day=TODAY - timedelta(days=20 - 2 * step + chance.randrange(4))))
        number = chance.randrange(4)
        match chance.randrange(5):
            case 0:
                project.write(f"src/{number}.py", f"def f():\n    return {step}\n")
            case 1:
                reviewed = TODAY - timedelta(days=chance.randrange(15))
                project.spec(f"s{number}", [f"src/{number}.py"], body=f"Words {step}.", reviewed=reviewed)
            case 2:
                moved = project.root / f"specs/s{number}.md"
                if moved.exists():
                    moved.rename(project.root / f"specs/moved{step}.md")
            case 3:
                (project.root / f"src/{number}.py").unlink(missing_ok=True)
            case _:
                project.git("checkout", "-q", "-b", f"b{step}", bases[-1])
                project.write(f"src/beside{step}.py", "x = 1\n")
                project.commit(day=TODAY - timedelta(days=18 - 2 * step))
                project.git("checkout", "-q", "main")
                project.git("-c", "user.name=Eve", "merge", "-q", "--no-ff", "-m", "merge", f"b{step}")
    for base in bases:
        searched, read = _verdicts(project, base)
        assert searched == read


def test_only_changed_files_are_named_as_ignored(project: Project) -> None:
    for name in ("a", "template", "index", "README"):
        project.write(f"specs/{name}.md", "no front matter\n")
    project.write("specs/notes.rst", "")
    project.commit()
    project.write("specs/template.md", "other words\n")
    project.rules = SHIPPED_RULES
    assert project.check(scope="changed", base="HEAD").notes == ("ignored: 1 template or index",)
    (note,) = project.check(base="HEAD").notes
    assert note == "ignored: 1 .rst (not Markdown), 1 README, 2 template or index"

"""Front matter of other tools is read in place: keys, statuses, owners, dates, ids from paths, files beside."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pytest_orchestrator.config import FrontMatterSettings, SpecGuardSettings, StampSettings
from pytest_orchestrator.spec_guard.document.body_fields import heading
from pytest_orchestrator.spec_guard.document.discovery import why_ignored
from pytest_orchestrator.spec_guard.document.mapping import Reading, id_in
from pytest_orchestrator.spec_guard.document.spec import SpecDocument, parse
from pytest_orchestrator.spec_guard.project import Project as GuardedProject
from tests.cli.command_line import run
from tests.spec_guard.project import TODAY, Project

_SETTINGS = FrontMatterSettings(
    keys={"state": "status", "owner": "owners", "author": "owners", "reviewed": "last_review", "name": "title"},
    statuses={"Accepted": "approved", "superseded*": "retired", "": "draft"},
    owners=("platform",),
    allow=("nav_*", "tags"),
    ids=("adr/{id}.md", "docs/{id}/{id}.md", "keps/*/{id}/README.md", "reqs/{id}.yml"),
)


def _parse(text: str, *, path: str = "adr/1.md", settings: FrontMatterSettings = _SETTINGS) -> SpecDocument:
    return parse(text.encode(), path=path, reading=Reading(settings=settings))


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("state: accepted", ("1", "approved", ("platform",), None)),
        ("state: Superseded by [2](2.md)", ("1", "retired", ("platform",), None)),
        ("state: accepted\nstatus: implemented", ("1", "implemented", ("platform",), None)),
        ("state: In Review", ("1", "in-review", ("platform",), None)),
        ("id: 0007\nowner: ann, bob", ("7", "draft", ("ann", "bob"), None)),
        ("author: ann\nowner: ''", ("1", "draft", ("ann",), None)),
        ("author: ann\nowner: bob", ("1", "draft", ("bob",), None)),
        ("owners: [cy]\nowner: bob", ("1", "draft", ("cy",), None)),
        ("owners: []\nowner: bob\nstatus:", ("1", "draft", ("bob",), None)),
        ("owners: []", ("1", "draft", ("platform",), None)),
        ("reviewed: 2020-11-01", ("1", "draft", ("platform",), date(2020, 11, 1))),
        ("reviewed: '2020/11/01 10:00'", ("1", "draft", ("platform",), date(2020, 11, 1))),
        ("nav_order: 3\ntags: [a]", ("1", "draft", ("platform",), None)),
    ],
)
def test_keys_of_another_tool_are_read_as_ours(
    front: str, expected: tuple[str, str, tuple[str, ...], date | None]
) -> None:
    spec = _parse(f"---\n{front}\n---\n# Use it\n\nWe MUST.\n")
    assert spec.declaration is not None, spec.problems
    found = spec.declaration
    assert (found.id, found.status, found.owners, spec.last_review) == expected
    assert found.title == "Use it"
    assert [item.rule for item in spec.problems] == ["SG003"] * (spec.last_review is None)


@pytest.mark.parametrize(
    ("front", "rule", "line", "message"),
    [
        ("tags: []\nstate: shipped", "SG002", 3, "'shipped'"),
        ("tags: []\nreviewed: soon", "SG003", 3, "'soon', not a date"),
        ("tags: []\nnave_order: 1", "SG002", 3, "unknown key 'nave_order'"),
        ("tags: [\nstate: a", "SG001", 3, "not valid YAML"),
    ],
)
def test_what_is_not_mapped_is_reported_at_its_line(front: str, rule: str, line: int, message: str) -> None:
    (problem,) = (item for item in _parse(f"---\n{front}\n---\n").problems if item.message != "last_review is missing")
    assert (problem.rule, problem.range.start_line, message in problem.message) == (rule, line, True)


@pytest.mark.parametrize(
    ("text", "body_line"),
    [
        ('+++\nstate = "accepted"\nreviewed = 2020-11-01\n+++\n# Use it\n', 5),
        ("<!--\nstate: accepted\nreviewed: 2020-11-01\n-->\n# Use it\n", 5),
        ("---\nstate: accepted\nreviewed: 2020-11-01\n---\n# Use it\n", 5),
    ],
)
def test_each_dialect_is_read_with_its_lines(text: str, body_line: int) -> None:
    spec = _parse(text)
    assert (spec.problems, spec.body.strip(), spec.body_line) == ((), "# Use it", body_line)
    assert (spec.line("status"), spec.line("last_review")) == (2, 3)


@pytest.mark.parametrize("marks", [("---", "---"), ("<!--", "-->")])
def test_dialects_are_read_without_any_setting(marks: tuple[str, str]) -> None:
    keys = f"id: a\ntitle: T\nstatus: draft\nowners: [ann]\nlast_review: {TODAY}"
    spec = _parse("\n".join((marks[0], keys, marks[1], "It MUST.", "")), path="x.md", settings=FrontMatterSettings())
    assert (spec.problems, spec.id, spec.body.strip(), spec.last_review) == ((), "a", "It MUST.", TODAY)


def test_ordinary_comment_is_no_front_matter_and_a_file_without_id_has_none() -> None:
    spec = _parse("<!-- SPDX-License-Identifier: MIT -->\n# Use it\n")
    assert (spec.id, spec.body_line) == ("1", 1)
    assert [item.rule for item in _parse("# Use it\n", path="other/1.md").problems] == ["SG001"]
    (unclosed,) = _parse("---\nstate: accepted\n").problems
    assert "never closed" in unclosed.message


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("adr/0001-use it.md", "0001-use-it"),
        ("docs/net/tcp.md", "net-tcp"),
        ("keps/sig-node/0001-swap/README.md", "0001-swap"),
        ("keps/0001-swap/README.md", None),
        ("adr/deep/1.md", None),
        ("reqs/.doorstop.yml", None),
        ("reqs/R1.yml", "R1"),
    ],
)
def test_id_is_where_the_pattern_says(path: str, found: str | None) -> None:
    assert id_in(path, _SETTINGS) == found


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("adr/1.md", None),
        ("adr/README.md", "README"),
        ("keps/a/b/README.md", None),
        ("reqs/R1.yml", None),
        ("reqs/.doorstop.yml", ""),
        ("adr/x.yml", ""),
        ("adr/x.rst", ".rst (not Markdown)"),
        ("adr/x.mdx", ".mdx (not Markdown)"),
        ("adr/drafts/x.md", "excluded"),
        ("other/x.md", ""),
    ],
)
def test_file_is_a_spec_or_is_ignored_for_a_reason(path: str, reason: str | None) -> None:
    settings = SpecGuardSettings(front_matter=_SETTINGS, exclude=("adr/drafts/",))
    assert why_ignored(path, ("adr", "keps", "reqs"), settings) == reason


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("text\n\n## Two ##\n", "Two"),
        ("# In C#\n", "In C#"),
        pytest.param(f"# {' ' * 100_000}x{' ' * 100_000}x\n", f"x{' ' * 100_000}x", id="blanks in linear time"),
        ("Use it\n======\n", "Use it"),
        ("= Use it\n", "Use it"),
        ("====\nUse it\n====\n", "Use it"),
        ("text\n", ""),
    ],
)
def test_title_is_the_first_heading(body: str, title: str) -> None:
    assert heading(body) == title


def test_former_table_stamp_still_maps_and_the_new_one_wins() -> None:
    stamp = StampSettings(keys={"a": "title", "b": "status"}, statuses={"done": "implemented"}, owners=("ann",))
    settings = SpecGuardSettings(stamp=stamp, front_matter=FrontMatterSettings(keys={"b": "owners"}))
    assert settings.reading == FrontMatterSettings(
        keys={"a": "title", "b": "owners"}, statuses={"done": "implemented"}, owners=("ann",)
    )


# In a project


def _adr(project: Project, *, state: str = "accepted", body: str = "We MUST.", reviewed: str = "2020-11-10") -> None:
    front = f"state: {state}\nreviewed: '{reviewed}'\ncovers: src/a.py\nnav_order: 1\n"
    project.write("specs/1.md", f"---\n{front}---\n# Use it\n\n{body}\n")


@pytest.fixture
def mapped(project: Project) -> Project:
    """A project with a decision in the format of another tool, over one module; tagged `base`."""
    project.with_all_rules()
    settings = FrontMatterSettings(
        keys={"state": "status", "reviewed": "last_review"},
        statuses={"accepted": "approved", "done": "retired"},
        owners=("ann",),
        allow=("nav_order",),
        ids=("specs/{id}.md", "specs/{id}/README.md"),
        beside="kep.yaml",
    )
    project.settings = SpecGuardSettings(paths=("specs",), front_matter=settings)
    project.write("src/a.py", "A = 1\n")
    _adr(project)
    project.commit(day=TODAY - timedelta(days=10))
    project.git("tag", "base")
    return project


def test_rules_judge_a_spec_of_another_tool_like_ours(mapped: Project) -> None:
    assert mapped.found() == []
    mapped.write("src/a.py", "A = 2\n")
    assert mapped.found(base="base") == ["SG007 specs/1.md", "SG011? specs/1.md"]
    _adr(mapped, body="We MAY.")
    assert "SG010 specs/1.md" in mapped.found(base="base")
    mapped.git("checkout", "-q", ".")
    (mapped.root / "src/a.py").unlink()
    assert "SG012 specs/1.md" in mapped.found(base="base")


def test_terminal_status_ends_duties_but_code_without_a_spec_is_reported(mapped: Project) -> None:
    _adr(mapped, state="done", reviewed="2019-01-01")
    assert mapped.found(base="base") == ["SG020 specs/1.md"]
    mapped.commit()
    mapped.write("src/a.py", "A = 2\n")
    assert mapped.found(base="HEAD") == []


def test_stamping_changes_no_text_and_no_review(mapped: Project) -> None:
    from pytest_orchestrator.spec_guard.document.stamping import stamp

    mapped.write("specs/2.md", "# Two\n\nWe MUST.\n")
    mapped.commit(day=TODAY - timedelta(days=5))
    reading = Reading(settings=mapped.settings.reading)
    for name in ("specs/1.md", "specs/2.md"):
        data = (mapped.root / name).read_bytes()
        stamped = stamp(data, path=name, last_review=TODAY - timedelta(days=5), owners=["ann"], reading=reading)
        assert stamped is not None
        mapped.write(name, stamped)
    for _ in ("uncommitted", "committed"):
        assert [item for item in mapped.found(base="base") if "SG010" in item] == []
        mapped.commit()
    mapped.write("specs/1.md", (mapped.root / "specs/1.md").read_text().replace("MUST", "MAY"))
    assert "SG010 specs/1.md" in mapped.found(base="base")


def test_keys_in_a_file_beside_the_spec_change_the_spec(mapped: Project) -> None:
    mapped.write("src/b.py", "B = 1\n")
    mapped.write("specs/two/README.md", "# Two\n\nWe MUST.\n")
    mapped.write("specs/two/kep.yaml", "title: Two\nstate: accepted\nreviewed: 2020-11-12\ncovers: [src/b.py]\n")
    mapped.commit(day=TODAY - timedelta(days=8))
    mapped.git("tag", "two")
    assert mapped.found() == []
    mapped.write("src/b.py", "B = 2\n")
    assert mapped.found(base="two") == ["SG007 specs/two/README.md", "SG011? specs/two/README.md"]
    mapped.write("specs/two/kep.yaml", "title: Two\nstate: done\nreviewed: 2020-11-12\ncovers: [src/b.py]\n")
    assert mapped.found(base="two") == ["SG007 specs/two/README.md", "SG020 specs/two/README.md"]
    mapped.write("specs/two/kep.yaml", "title: [Two\n")
    (problem,) = (item for item in mapped.check(base="two").diagnostics if item.rule == "SG001")
    assert "has its keys in specs/two/kep.yaml:" in problem.message


def test_many_dates_in_files_beside_specs_are_no_reviews(mapped: Project) -> None:
    for day in (1, 12):
        for name in ("a", "b", "c"):
            mapped.write(f"specs/{name}/README.md", f"# {name}\n\nWe MUST.\n")
            mapped.write(f"specs/{name}/kep.yaml", f"title: {name}\nstate: accepted\nreviewed: 2020-11-{day:02}\n")
        mapped.commit(day=TODAY - timedelta(days=8))
    assert mapped.found(base="HEAD~1", bulk_dates=2) == ["SG015 specs/a/kep.yaml"]
    assert mapped.found(base="HEAD~1", bulk_dates=3) == []


def test_approvals_in_a_file_beside_a_spec_do_not_count(mapped: Project) -> None:
    body = parse(b"# Two\n\nWe MUST.\n", path="specs/two/README.md", reading=Reading(settings=mapped.settings.reading))
    mapped.write("specs/two/README.md", "# Two\n\nWe MUST.\n")
    approval = f"approvals: [{{by: bob, body: '{body.body_digest}'}}]\n"
    mapped.write("specs/two/kep.yaml", f"title: Two\nstate: accepted\nreviewed: 2020-11-12\n{approval}")
    mapped.commit()
    spec = GuardedProject(mapped.root, settings=mapped.settings, today=TODAY).document("specs/two/README.md")
    assert spec.declaration is not None
    assert spec.declaration.approvals == ()


def test_deleting_a_spec_and_excluding_its_path_hides_nothing(mapped: Project) -> None:
    tables = '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs"]\nexclude = ["specs/1.md"]\n'
    mapped.write("specs/2.md", "---\nstate: accepted\nreviewed: 2020-11-10\n---\n# Two\n")
    mapped.write("pyproject.toml", tables)
    (mapped.root / "specs/1.md").unlink()
    mapped.write("src/a.py", "A = 2\n")
    assert mapped.found(base="base", exclude=("specs/1.md",)) == ["SG007 specs/1.md", "SG020 specs/1.md"]


def test_review_without_a_date_key_is_in_the_ledger_alone(project: Project) -> None:
    tables = (
        '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs"]\n[tool.pytest_orchestrator.spec_guard.front_matter]\n'
        'ids = ["specs/{id}/spec.md"]\nstatuses = { "" = "approved" }\nowners = ["ann"]\n'
    )
    project.write("pyproject.toml", tables)
    project.write("specs/auth/spec.md", "# Auth\n\nIt MUST ask.\n")
    project.commit()
    before = (project.root / "specs/auth/spec.md").read_bytes()
    today = f"--today={TODAY}"
    assert "SG003 last_review is missing" in run(project.root, "spec", "check", today, code=1).stdout
    run(project.root, "spec", "review", "specs/auth/spec.md", "--by=ann", today, code=0)
    assert (project.root / "specs/auth/spec.md").read_bytes() == before
    assert "0 violations, 0 warnings" in run(project.root, "spec", "check", today, code=0).stdout
    later = str(TODAY + timedelta(days=40))
    assert "SG005 last reviewed 2020-11-20, 40 days ago" in run(project.root, "spec", "check", "--today", later).stdout
    project.write("specs/auth/spec.md", "# Auth\n\nIt MAY ask.\n")
    assert "SG010" in run(project.root, "spec", "check", today, code=1).stdout


@pytest.mark.parametrize(
    ("limits", "age", "found"),
    [
        ({"approved": 5}, 6, ["SG005 specs/a.md"]),
        ({"approved": 5, "specs/": 100}, 60, []),
        ({"approved": 5, "specs/": 100, "a": 50}, 60, ["SG005 specs/a.md"]),
        ({"specs/b*.md": 100}, 60, ["SG005 pyproject.toml", "SG005 specs/a.md"]),
        ({"aa": 100}, 10, ["SG005 pyproject.toml"]),
        ({"draft": 100}, 10, []),
    ],
)
def test_limit_of_age_by_id_path_or_status(
    project: Project, limits: dict[str, int], age: int, found: list[str]
) -> None:
    project.spec("a", reviewed=TODAY - timedelta(days=age))
    project.commit()
    assert [item for item in project.found(max_age=limits) if "?" not in item] == found


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('exclude = ["/a"]', "pyproject.toml:2: tool.pytest_orchestrator.spec_guard.exclude: '/a' is absolute"),
        ('front_matter.keys = { a = "ownres" }', "maps 'a' to the unknown key 'ownres': did you mean 'owners'"),
        ('front_matter.statuses = { a = "done" }', "front_matter.statuses.a"),
        ('front_matter.ids = ["specs/*.md"]', "holds no {id}"),
        ('front_matter.ids = ["specs/**/{id}.md"]', "holds **"),
        ('front_matter.ids = ["../{id}.md"]', "is not a path below the project"),
        ('front_matter.beside = "../kep.yaml"', "is not the name of a file"),
        ('front_matter.ids = ["specs/{id}-*.md"]', "holds more than one of {id} and * in one name"),
        ("max_age = { draft = 0 }", "max_age.draft"),
        ('max_age = { "[z-a]" = 3 }', "'[z-a]' is not a valid glob"),
    ],
)
def test_wrong_setting_is_an_error_with_its_line(project: Project, table: str, message: str) -> None:
    project.write("pyproject.toml", f"[tool.pytest_orchestrator.spec_guard]\n{table}\n")
    project.spec("a")
    project.commit()
    refused = run(project.root, "spec", "check", code=2).stderr
    assert message in refused
    assert "pyproject.toml:2:" in refused


def test_review_of_yesterday_in_the_ledger_is_no_update_of_today(mapped: Project) -> None:
    tables = (
        '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs"]\n[tool.pytest_orchestrator.spec_guard.front_matter]\n'
        'ids = ["specs/{id}.md"]\nstatuses = { "" = "approved" }\nowners = ["ann"]\n'
    )
    mapped.write("pyproject.toml", tables)
    text = "---\ncovers: src/a.py\n---\n# Use it\n\nWe MUST.\n"
    mapped.write("specs/1.md", text)
    mapped.commit(day=TODAY - timedelta(days=2))
    run(mapped.root, "spec", "review", "specs/1.md", "--by=ann", f"--today={TODAY - timedelta(days=1)}", code=0)
    base = mapped.commit(day=TODAY - timedelta(days=1))
    mapped.write("src/a.py", "A = 2\n")
    mapped.write("specs/1.md", text + "\n")
    mapped.commit()
    checked = run(mapped.root, "spec", "check", f"--base={base}", f"--today={TODAY}", code=1).stdout
    assert "specs/1.md:2: SG007 src/a.py changed" in checked
    run(mapped.root, "spec", "review", "specs/1.md", "--by=ann", f"--today={TODAY}", code=0)
    run(mapped.root, "spec", "check", f"--base={base}", f"--today={TODAY}", code=0)


def test_index_of_a_mapped_folder_is_no_spec_until_it_has_keys(mapped: Project) -> None:
    mapped.write("specs/index.md", "# All decisions\n")
    mapped.commit(day=TODAY - timedelta(days=8))
    assert "specs/index.md" not in mapped.check().specs
    mapped.write("specs/index.md", "---\nstate: accepted\n---\n# All decisions\n")
    assert "specs/index.md" in mapped.check().specs

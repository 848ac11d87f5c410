"""`init` and `spec baseline` on the layouts of seven conventions: green at once, then every touched spec in full."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from pytest_orchestrator.config import load_settings
from pytest_orchestrator.spec_guard.project import Project as GuardedProject
from tests.cli.command_line import run
from tests.spec_guard.project import TODAY, Project

BASELINE = "tasks/spec-baseline.json"

_MADR = (
    "---\nstatus: {status}\ndate: '2020-01-31'\ndecision-makers: [ann]\nnav_order: 1\n---\n# Use {name}\n\nWe MUST.\n"
)
_TASK = (
    "---\nid: {name}\ntitle: {name}\nstatus: {status}\nowner: ann\n"
    'last_review: "2020-01-31"\nrisk: low\n---\n# {name}\n\nIt MUST.\n'
)
_KEP = "title: {name}\nauthors:\n  - '@ann'\nowning-sig: sig-node\nstatus: {status}\nlast-updated: 2020-01-31\n"
_ITEM = "active: true\nlevel: 1.0\nreviewed: c29tZXRoaW5n\ntext: |\n  It MUST hold {name}.\n"

LAYOUTS: Mapping[str, tuple[Mapping[str, str], str, frozenset[str]]] = {
    # name: files, the spec that is touched, the ids of all specs
    "OpenSpec": (
        {
            "openspec/specs/auth/spec.md": "# Auth\n\n## Requirements\n\nThe system MUST ask. [gone](gone.md)\n",
            "openspec/specs/pay/spec.md": "# Pay\n\nThe system MUST pay.\n",
            "openspec/specs/pay/design.md": "# Design\n",
            "openspec/changes/add/proposal.md": "# Why\n",
        },
        "openspec/specs/auth/spec.md",
        frozenset({"auth", "pay"}),
    ),
    "spec-kit": (
        {
            "specs/001-login/spec.md": "# Feature Specification: Login\n\n**Status**: Draft\n\nUsers MUST log in.\n",
            "specs/001-login/plan.md": "# Plan\n",
            "specs/001-login/contracts/api.md": "# API\n",
            "specs/002-pay/spec.md": "# Feature Specification: Pay\n\nUsers MUST pay.\n",
            "specs/002-pay/notes.md": "# Notes\n",
        },
        "specs/002-pay/spec.md",
        frozenset({"001-login", "002-pay"}),
    ),
    "KEP": (
        {
            "keps/README.md": "# Proposals\n",
            "keps/NNNN-kep-template/README.md": "# KEP-NNNN\n",
            "keps/NNNN-kep-template/kep.yaml": "title: T\n",
            "keps/sig-node/0001-swap/README.md": "# KEP-1: Swap\n\nIt MUST swap.\n",
            "keps/sig-node/0001-swap/kep.yaml": _KEP.format(name="Swap", status="implementable"),
            "keps/sig-apps/0002-jobs/README.md": "# KEP-2: Jobs\n\nIt MUST run.\n",
            "keps/sig-apps/0002-jobs/kep.yaml": _KEP.format(name="Jobs", status="withdrawn"),
        },
        "keps/sig-node/0001-swap/README.md",
        frozenset({"0001-swap", "0002-jobs"}),
    ),
    "ADR": (
        {
            "docs/adr/0001-use-rust.md": _MADR.format(status="accepted", name="Rust"),
            "docs/adr/0002-use-go.md": _MADR.format(status="superseded by ADR-0001", name="Go"),
            "docs/adr/template.md": "# Title\n",
            "docs/adr/README.md": "# Decisions\n",
        },
        "docs/adr/0001-use-rust.md",
        frozenset({"0001-use-rust", "0002-use-go"}),
    ),
    "task specs": (
        {
            "tasks/specs/0001-cache.md": _TASK.format(name="cache", status="active"),
            "tasks/index.json": '{"items": []}\n',
            "tasks/specs/0002-index.md": _TASK.format(name="index", status="done"),
        },
        "tasks/specs/0001-cache.md",
        frozenset({"cache", "index"}),
    ),
    "Doorstop": (
        {
            "reqs/.doorstop.yml": "settings:\n  prefix: REQ\n",
            "reqs/REQ001.yml": _ITEM.format(name="one"),
            "reqs/REQ002.yml": _ITEM.format(name="two"),
        },
        "reqs/REQ001.yml",
        frozenset({"REQ001", "REQ002"}),
    ),
    "plain documents": (
        {
            "docs/specs/cache.md": "# The cache\n\nIt MUST hold. [gone](gone.md)\n",
            "docs/specs/net/index-of-all.md": "# The net\n\nIt MUST send.\n",
            "docs/specs/old.rst": "Old\n===\n",
            "docs/specs/page.mdx": "# Page\n",
        },
        "docs/specs/cache.md",
        frozenset({"cache", "index-of-all"}),
    ),
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A repository without a commit."""
    root = tmp_path / "project"
    root.mkdir()
    return Project(root)


def _ids(root: Path) -> set[str | None]:
    guarded = GuardedProject(root, settings=load_settings(root).spec_guard, today=TODAY)
    return {spec.id for spec in guarded.specs}


def _project(project: Project, files: Mapping[str, str]) -> Project:
    for path, text in files.items():
        project.write(path, text)
    project.commit()
    return project


def _cli(project: Project, *arguments: str, code: int | None = None) -> str:
    result = run(project.root, *arguments, code=code)
    return result.stdout + result.stderr


def _entries(project: Project) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((project.root / BASELINE).read_text())["entries"]
    return found


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout_is_green_after_init_and_a_touched_spec_is_judged_in_full(project: Project, name: str) -> None:
    files, touched, ids = LAYOUTS[name]
    _project(project, {**files, "pyproject.toml": "[project]\nname = 'a'  # kept\n"})
    before = {path: (project.root / path).read_bytes() for path in files}
    found = _cli(project, "init", "--yes", "--owner=ann", code=0)
    assert f"found {name}: {len(ids)} in " in found
    assert {path: (project.root / path).read_bytes() for path in files} == before
    assert (project.root / "pyproject.toml").read_text().startswith("[project]\nname = 'a'  # kept\n\n# Written by")
    assert f"{len(ids)} specs checked: 0 violations" in _cli(project, "spec", "check", code=0)
    assert _ids(project.root) == ids
    assert "SG014" not in {entry["rule"] for entry in _entries(project)}, "an index of another tool is not ours"
    assert "nothing to do" in _cli(project, "init", code=0)
    project.commit()
    assert f"{len(ids)} specs checked: 0 violations" in _cli(project, "spec", "check", code=0)
    entries = _entries(project)
    assert touched in {entry["path"] for entry in entries}

    project.write(touched, before[touched] + b"\n  More.\n")
    checked = _cli(project, "spec", "check", code=1)
    own = {entry["rule"] for entry in entries if entry["path"] == touched}
    assert all(f"{touched}:" in checked and rule in checked for rule in own)
    others = sum(entry["path"] != touched for entry in entries)
    assert (f", {others} finding" in checked) == (others > 0)

    project.write(touched, (project.root / touched).read_text().replace("[gone](gone.md)", "").encode())
    _cli(project, "spec", "review", touched, "--by=ann" if name != "KEP" else "--by=@ann", code=0)
    assert "0 violations" in _cli(project, "spec", "check", code=0)
    _cli(project, "spec", "baseline", "--update", code=0)
    assert touched not in {entry["path"] for entry in _entries(project)}
    assert "0 violations" in _cli(project, "spec", "check", code=0)


def test_proposal_is_printed_and_nothing_is_written_without_a_terminal(project: Project) -> None:
    _project(project, LAYOUTS["OpenSpec"][0])
    refused = _cli(project, "init", code=2)
    assert '+paths = ["openspec/specs"]' in refused
    assert "no terminal to ask at" in refused
    assert project.git("status", "--porcelain") == ""


def test_settings_of_a_user_are_never_changed(project: Project) -> None:
    own = '[tool.pytest_orchestrator.spec_guard]\r\npaths = ["docs/specs"]\r\nmax_age_days = 3650000'
    project.spec("a")
    _project(project, {"pyproject.toml": own, "docs/specs/a.md": "# A\n", "openspec/specs/b/spec.md": "# B\n"})
    assert "wrote tasks/spec-baseline.json" in _cli(project, "init", "--yes", code=0)
    assert (project.root / "pyproject.toml").read_bytes() == own.encode()
    assert "0 violations, 0 warnings, 1 finding in the baseline" in _cli(project, "spec", "check", code=0)


@pytest.mark.parametrize(
    "text", ["", "# only a comment", "[project]\r\nname = 'a'\r\n", "\ufeff[tool.other]\na = 1\n", "[tool.x]\n\n\n"]
)
def test_text_of_pyproject_is_kept_byte_for_byte(project: Project, text: str) -> None:
    _project(project, {"pyproject.toml": text, "docs/adr/0001-a.rst": "Use it\n======\n\nWe MUST.\n"})
    assert "found ADR: 1 in docs/adr" in _cli(project, "init", "--yes", code=0)
    after = (project.root / "pyproject.toml").read_bytes()
    assert after.startswith(text.encode())
    assert ("\r\n[tool.pytest" in after.decode()) == ("\r\n" in text)
    assert "1 spec checked: 0 violations" in _cli(project, "spec", "check", code=0)


def test_specs_that_are_not_committed_are_not_excused(project: Project) -> None:
    _project(project, LAYOUTS["OpenSpec"][0])
    project.write("openspec/specs/new/spec.md", "# New\n\nIt MUST.\n")
    assert "no baseline holds what this change touches; findings on it: 1" in _cli(project, "init", "--yes", code=0)
    assert "openspec/specs/new/spec.md" not in {entry["path"] for entry in _entries(project)}
    assert "openspec/specs/new/spec.md:1: SG003" in _cli(project, "spec", "check", code=1)


def test_ids_are_the_shortest_names_that_are_unique(project: Project) -> None:
    names = ("docs/adr/0001-start.md", "docs/rfcs/0001-start.md", "docs/rfcs/net/0002-tcp.md")
    _project(project, dict.fromkeys(names, "# Title\n\nIt MUST.\n"))
    _cli(project, "init", "--yes", code=0)
    assert _ids(project.root) == {"adr-0001-start", "rfcs-0001-start", "rfcs-net-0002-tcp"}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"src/a.py": ""}, "no specs were found"),
        ({"pyproject.toml": "tool = { a = 1 }\n", "specs/a.md": "# A\n"}, "gets no table"),
        ({"pyproject.toml": "[tool\n", "specs/a.md": "# A\n"}, "pyproject.toml:1: is not valid TOML"),
    ],
)
def test_repository_that_can_not_be_set_up_is_refused(project: Project, files: Mapping[str, str], message: str) -> None:
    _project(project, files)
    assert message in _cli(project, "init", "--yes", code=2)
    assert not (project.root / BASELINE).exists()


_NYGARD = "# {number}. Use {name}\n\nDate: 2020-01-31\n\n## Status\n\n{status}\n\n## Context\n\nWe MUST.\n"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("docs/adr/{number}-use-{name}.md", _NYGARD),
        (
            "docs/decisions/{number}-use-{name}.md",
            "# Use {name}\n\n* Status: {status}\n* Deciders: bob\n* Date: 2020-01-31\n\n## Context\n\nWe MUST.\n",
        ),
        ("docs/decisions/{number}-use-{name}.rst", "Use {name}\n########\n\nStatus\n******\n\n{status}\n\n{name}\n"),
        (
            "doc/neps/nep-{number}-{name}.rst",
            "===\nUse\n===\n\n:Author: bob\n:Status: {status}\n:Created: 2020-01-31\n\n{name}\n",
        ),
        ("adr/{number}-{name}.adoc", "= Use {name}\n:status: {status}\n\nWe MUST.\n"),
        ("specs/{number}-{name}/spec.md", "# Feature\n\n**Created**: 2020-01-31  \n**Status**: {status}  \n"),
    ],
)
def test_records_have_the_status_that_stands_in_their_body(project: Project, path: str, form: str) -> None:
    statuses = {"a": "Accepted", "b": "Superseded by 0001", "c": "Proposed", "d": "Rejected (2020)"}
    files = {
        path.format(number=f"000{number}", name=name): form.format(number=number, name=name, status=status)
        for number, (name, status) in enumerate(statuses.items())
    }
    _project(project, {**files, path.partition("{")[0] + "index.rst": "Index\n=====\n"})
    _cli(project, "init", "--yes", "--owner=ann", code=0)
    project.commit()
    assert "4 specs checked: 0 violations" in _cli(project, "spec", "check", code=0)
    listed = json.loads(_cli(project, "spec", "list", "--format=json", code=0))
    assert [item["status"] for item in listed] == ["approved", "retired", "draft", "retired"]
    assert {item["last_review"] for item in listed} == {"2020-01-31" if "2020-01-31" in form else None}
    assert {tuple(item["owners"]) for item in listed} == {("bob",) if "bob" in form else ("ann",)}


def test_record_that_is_superseded_later_needs_no_other_setting(project: Project) -> None:
    path = "docs/adr/0001-a.md"
    _project(project, {path: _NYGARD.format(number=1, name="a", status="Accepted")})
    _cli(project, "init", "--yes", "--owner=ann", code=0)
    project.commit()
    for status, expected in (
        ("Superseded by [2. B](0002-b.md)", "retired"),
        ("Rejected", "retired"),
        ("Proposed", "draft"),
    ):
        project.write(path, _NYGARD.format(number=1, name="a", status=status))
        (listed,) = json.loads(_cli(project, "spec", "list", "--format=json", code=0))
        assert listed["status"] == expected
    project.write(path, _NYGARD.format(number=1, name="a", status="Whatever"))
    checked = _cli(project, "spec", "check", code=1)
    assert f"{path}:5: SG002 status: " in checked
    assert "or map it: statuses in " in checked


@pytest.mark.parametrize(
    ("old", "new", "passes"),
    [
        ("Accepted", "accepted", False),
        ("2020-11-19", "2020-11-01", False),
        ("2020-11-19", "2020-11-20", True),  # a review on the day of the change
        ("10 items", "9 items", True),
    ],
)
def test_field_in_the_body_is_no_text_that_was_updated(project: Project, old: str, new: str, passes: bool) -> None:
    path = "docs/adr/0001-a.md"
    text = (
        "---\ncovers: [src/]\n---\n# A\n\n* Status: Accepted\n* Date: 2020-11-19\n\n## Decision\n\nAt most 10 items.\n"
    )
    _project(project, {path: text, "src/a.py": "A = 10\n"})
    _cli(project, "init", "--yes", "--owner=ann", f"--today={TODAY}", code=0)
    project.commit()
    project.write("src/a.py", "A = 9\n")
    project.write(path, text.replace(old, new))
    checked = _cli(project, "spec", "check", f"--today={TODAY}", f"--base={project.git('rev-parse', 'HEAD')}")
    assert ("SG007" not in checked) == passes, checked


def test_specs_that_are_stamped_after_init_stay_excused_until_they_change(project: Project) -> None:
    for name in "abc":
        project.write(f"docs/specs/{name}.md", f"# {name}\n\nIt MUST.\n")
    project.commit()
    _cli(project, "init", "--yes", "--owner=ann", code=0)
    _cli(project, "spec", "stamp", "docs/specs/a.md", code=0)
    assert "0 violations" in _cli(project, "spec", "check", code=0), "before the commit of the baseline"
    project.commit()
    _cli(project, "spec", "stamp", code=0)
    assert "0 violations, 0 warnings, 3 findings in the baseline" in _cli(project, "spec", "check", code=0)
    project.commit()
    assert "3 findings, 0 removed" in _cli(project, "spec", "baseline", "--update", code=0)
    assert "0 violations, 0 warnings, 3 findings in the baseline" in _cli(project, "spec", "check", code=0)
    project.write("docs/specs/b.md", (project.root / "docs/specs/b.md").read_text() + "\nIt MAY.\n")
    assert "docs/specs/b.md:8: SG005" in _cli(project, "spec", "check", code=1)


def test_finding_on_two_lines_is_counted_once_by_init_and_check(project: Project) -> None:
    body = "---\nid: a\ntitle: A\nstatus: retired\nowners: [ann]\nlast_review: 2020-01-31\n---\n[x](gone.md)\n\n"
    _project(project, {"docs/specs/a.md": f"{body}[y](gone.md)\n"})
    assert "spec-baseline.json: 1\n" in _cli(project, "init", "--yes", code=0)
    assert "1 finding in the baseline" in _cli(project, "spec", "check", code=0)
    listed = _cli(project, "spec", "baseline", "--list", code=0).splitlines()
    assert [line.split()[:2] for line in listed[2:]] == [["docs/specs/a.md", "SG018"]]
    assert json.loads(_cli(project, "spec", "baseline", "--list", "--format=json", code=0)) == _entries(project)
    assert "writes nothing" in _cli(project, "spec", "baseline", "--list", "--update", code=2)


@pytest.mark.parametrize(("line", "owners"), [("*  @bob @org/cy", ["bob", "org/cy"]), ("/src/ @bob", ["Test"])])
def test_owners_are_those_of_codeowners_where_it_names_them_for_all(
    project: Project, line: str, owners: list[str]
) -> None:
    project.write(".github/CODEOWNERS", f"{line}\n")
    for path, text in LAYOUTS["OpenSpec"][0].items():
        project.write(path, text)
    project.git("add", "-A")
    project.git("-c", "user.name=Test", "commit", "-q", "-m", "a", "--author=Test <test@example.org>")
    _cli(project, "init", "--yes", code=0)
    listed = json.loads(_cli(project, "spec", "list", "--format=json", code=0))
    assert {tuple(item["owners"]) for item in listed} == {tuple(owners)}
    assert "0 violations" in _cli(project, "spec", "check", code=0)


def test_files_that_every_repository_has_are_no_specs(project: Project) -> None:
    aside = (
        "CHANGELOG.md",
        "license.md",
        "CODE_OF_CONDUCT.md",
        "contributing.rst",
        "release-notes/v1.md",
        "HISTORY.md",
    )
    kept = ("security.md", "history-of-edits.md", "license-check.md")
    _project(project, {f"docs/{name}": "# Title\n\nText.\n" for name in (*aside, *kept)})
    assert "found plain documents: 3 in docs" in _cli(project, "init", "--yes", code=0)
    guarded = GuardedProject(project.root, settings=load_settings(project.root).spec_guard, today=TODAY)
    assert {spec.path for spec in guarded.specs} == {f"docs/{name}" for name in kept}


@pytest.mark.parametrize(
    ("name", "options", "path", "holds"),
    [
        ("OpenSpec", (), "openspec/specs/new/spec.md", {"openspec/specs/new/spec.md": "# New\n"}),
        (
            "spec-kit",
            (),
            "specs/new/spec.md",
            {"specs/new/spec.md": "# New\n\n**Status**: draft  \n**Created**: {today}  \n"},
        ),
        (
            "KEP",
            ("--folder=keps/sig-node",),
            "keps/sig-node/new/README.md",
            {
                "keps/sig-node/new/README.md": "# New\n",
                "keps/sig-node/new/kep.yaml": "authors:\n- ann\nlast-updated: '{today}'\n",
            },
        ),
        (
            "ADR",
            (),
            "docs/adr/new.md",
            {"docs/adr/new.md": "---\nstatus: proposed\ndecision-makers:\n- ann\ndate: '{today}'"},
        ),
        ("plain documents", (), "docs/specs/new.md", {}),
    ],
)
def test_new_spec_has_the_form_of_its_layout_and_passes(
    project: Project, name: str, options: tuple[str, ...], path: str, holds: Mapping[str, str]
) -> None:
    files = dict(LAYOUTS[name][0])
    if name == "spec-kit":
        del files["specs/002-pay/spec.md"]
        files["specs/001-login/spec.md"] = "# Login\n\n**Status**: Draft\n**Created**: 2020-01-31\n"
    _project(project, files)
    _cli(project, "init", "--yes", "--owner=ann", code=0)
    project.commit()
    made = _cli(project, "spec", "new", "new", "--title=New", "--owner=ann", *options, code=0)
    assert made == f"wrote {path}\n"
    today = json.loads(_cli(project, "spec", "list", "--format=json"))
    (listed,) = [item for item in today if item["path"] == path]
    assert (listed["id"], listed["status"], listed["state"], listed["owners"]) == ("new", "draft", "fresh", ["ann"])
    assert "0 violations" in _cli(project, "spec", "check", code=0)
    for file, start in holds.items():
        day = listed["last_review"]
        lines = [line for line in start.format(today=day).splitlines() if line]
        text = (project.root / file).read_text()
        assert all(line in text.splitlines() for line in lines), text
    assert "exists already" in _cli(project, "spec", "new", "new", "--title=New", "--owner=ann", *options, code=2)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("KEP", "the place of a spec in keps is keps/*/{id}/README.md"),
        ("Doorstop", "reqs/new.yml would not be Markdown"),
    ],
)
def test_new_spec_that_the_id_alone_does_not_place_is_refused(project: Project, name: str, message: str) -> None:
    _project(project, LAYOUTS[name][0])
    _cli(project, "init", "--yes", "--owner=ann", code=0)
    assert message in _cli(project, "spec", "new", "new", "--title=New", "--owner=ann", code=2)

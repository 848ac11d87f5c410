"""`spec suggest-covers`: what is suggested and why, how right it is, and how it is written."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import run
from tests.spec_guard.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Code in several folders, without specs."""
    made = Project(tmp_path)
    made.write("pyproject.toml", '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs"]\n')
    made.write("src/shop/cache.py", "class PriceCache:\n    def load_prices(self): ...\n\nMAX_AGE_S = 10\n")
    made.write("src/shop/cart.py", "def runs(): ...\n")
    made.write("src/shop/tax/rates.py", "")
    made.write("web/app.ts", "export async function openCart() {}\n")
    made.write("a/util.py", "")
    made.write("b/util.py", "")
    made.write("docs/guide.md", "# Guide\n")
    return made


def suggest(project: Project, *arguments: str) -> list[dict[str, Any]]:
    result = run(project.root, "spec", "suggest-covers", "--format=json", *arguments, code=0)
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def entries(project: Project, *arguments: str) -> list[str]:
    return [item["entry"] for found in suggest(project, *arguments) for item in found["suggestions"]]


@pytest.mark.parametrize(
    ("body", "expected", "reason"),
    [
        ("See src/shop/cart.py.", ["src/shop/cart.py"], "the text names src/shop/cart.py"),
        ("See [it](../src/shop/cart.py#L3).", ["src/shop/cart.py"], "the text names src/shop/cart.py"),
        ("All of `src/shop/tax/`.", ["src/shop/tax/"], "the text names src/shop/tax/"),
        ("The file `rates.py` holds them.", ["src/shop/tax/rates.py"], "the text names rates.py"),
        ("By shop.cart.", ["src/shop/cart.py"], "the text names shop.cart"),
        ("A `PriceCache.load_prices()` call.", ["src/shop/cache.py"], "it defines PriceCache, which the text names"),
        ("At most `MAX_AGE_S` old.", ["src/shop/cache.py"], "it defines MAX_AGE_S, which the text names"),
        ("It calls `openCart`.", ["web/app.ts"], "it defines openCart, which the text names"),
        ("It runs a lot, in `runs`, PriceCache, or `util.py`.", [], ""),
        ("See docs/guide.md and src/none.py.", [], ""),
    ],
)
def test_what_the_text_names_is_suggested(project: Project, body: str, expected: Sequence[str], reason: str) -> None:
    project.spec("one", body=body)
    project.commit()
    found = suggest(project)
    assert [item["entry"] for each in found for item in each["suggestions"]] == expected
    if expected:
        assert found[0]["suggestions"][0]["reasons"][0] == reason
        assert (found[0]["path"], found[0]["spec"]) == ("specs/one.md", "one")


def test_only_file_that_is_called_like_the_spec_is_suggested(project: Project) -> None:
    for name in ("cart", "shop", "util"):
        project.spec(name, body="Nothing.")
    project.commit()
    assert [(item["spec"], *item["suggestions"][0]["reasons"]) for item in suggest(project)] == [
        ("cart", "it is called like the spec")
    ]


def test_what_changes_with_the_spec_is_suggested_but_for_sweeps(project: Project) -> None:
    for number in range(3):
        project.spec("one", body=f"Version {number}.")
        project.write("src/shop/cart.py", f"VERSION = {number}\n")
        for file in range(30 if number == 2 else 0):
            project.write(f"src/many/m{file}.py", f"{number}\n")
        project.commit()
    project.write("src/shop/cart.py", "VERSION = 9\n")
    project.commit()
    ((found,),) = (item["suggestions"] for item in suggest(project))
    # Both commits of the spec that are no sweeps changed it, of its four commits: 2 / (2 + 4 - 2), times 4.
    assert (found["entry"], found["score"]) == ("src/shop/cart.py", 2.0)
    assert found["reasons"] == ["2 of the spec's 2 commits changed it, too"]


@pytest.mark.parametrize("name", [b"caf\xe9.py", b"a\nb.py", b"[a].py", b"#b: {c}.py"])
def test_odd_file_names_are_quoted_or_left_out(project: Project, name: bytes) -> None:
    for number in range(2):
        project.spec("one", body=f"Version {number}.")
        (project.root / os.fsdecode(name)).write_text(f"VERSION = {number}\n")
        project.commit()
    run(project.root, "spec", "suggest-covers", "--write", code=0)
    written = 'covers:\n  - "#b: {c}.py"\n' in (project.root / "specs/one.md").read_text()
    assert written == name.startswith(b"#")


def test_what_the_tests_of_the_spec_import_is_suggested(project: Project) -> None:
    project.spec("one", body="Prices are kept.")
    project.spec("two", body="Nothing.")
    project.write(
        "tests/test_prices.py",
        "import pytest\nfrom shop import cache\n\n@pytest.mark.spec('one')\ndef test_it(): ...\n",
    )
    project.commit()
    ((found,),) = (item["suggestions"] for item in suggest(project))
    assert found["entry"] == "src/shop/cache.py"
    assert found["reasons"] == ["tests/test_prices.py, which tests the spec, imports it"]


def test_several_reasons_rank_higher_and_covered_code_is_left_out(project: Project) -> None:
    project.spec("one", ["src/shop/tax"], body="See src/shop/tax/rates.py, `openCart`, `MAX_AGE_S` of `PriceCache`.")
    project.spec("two", body="See web/app.ts.")
    project.spec("old", status="retired", body="See web/app.ts.")
    project.commit()
    assert entries(project, "specs/one.md") == ["src/shop/cache.py", "web/app.ts"]
    assert [item["path"] for item in suggest(project)] == ["specs/one.md", "specs/two.md"]
    table = run(project.root, "spec", "suggest-covers").stdout.splitlines()
    assert table[2].split() == ["specs/one.md", "src/shop/cache.py", "4.0", *table[2].split()[3:]]
    assert "is not a spec" in run(project.root, "spec", "suggest-covers", "specs/none.md", code=2).stderr


def test_specs_that_can_not_be_read_are_named(project: Project) -> None:
    project.write("specs/foreign.md", "See src/shop/cart.py.\n")
    project.commit()
    result = run(project.root, "spec", "suggest-covers", code=0)
    assert result.stdout == "nothing to suggest\n"
    assert "skipped, because they can't be read: specs/foreign.md; see:" in result.stderr


def test_precision_is_measured_on_the_covers_that_specs_have(project: Project) -> None:
    project.spec("one", ["src/shop/cart.py", "a/util.py"], body="See src/shop/cart.py and web/app.ts.")
    project.spec("two", ["src/shop/tax/"], body="See src/shop/tax/.")
    project.spec("three", body="See web/app.ts.")
    project.commit()
    result = run(project.root, "spec", "suggest-covers", "--measure", "--format=json", code=0)
    assert json.loads(result.stdout) == {"specs": 2, "suggested": 3, "right": 2, "covered": 3}
    printed = run(project.root, "spec", "suggest-covers", "--measure", code=0).stdout
    assert "2 right: 66.7% of the suggested ones (precision)" in printed
    run(project.root, "spec", "suggest-covers", "--measure", "--write", code=2)


HEAD = "---\nid: one\ntitle: T\nstatus: approved\nowners: [ann]\nlast_review: 2020-11-10\n"


@pytest.mark.parametrize(
    ("covers", "expected"),
    [
        ("", "covers:\n  - src/shop/cart.py\n  - src/shop/tax/\n"),
        ("covers: []\n", "covers: [src/shop/cart.py, src/shop/tax/]\n"),
        ("covers: [a/util.py] # mine\n", "covers: [a/util.py, src/shop/cart.py, src/shop/tax/] # mine\n"),
        ("covers:\n- a/util.py\nx-a: 1\n", "covers:\n- a/util.py\n- src/shop/cart.py\n- src/shop/tax/\nx-a: 1\n"),
        (
            "covers: # these\n    - a/util.py  # one\n    # two\n\nx-a: 1\n",
            "covers: # these\n    - a/util.py  # one\n{new}    # two\n\nx-a: 1\n".format(
                new="    - src/shop/cart.py\n    - src/shop/tax/\n"
            ),
        ),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_suggestions_are_written_and_nothing_else_changes(
    project: Project, covers: str, expected: str, ending: str
) -> None:
    body = "---\nIt is in src/shop/cart.py and all over `src/shop/tax/`.\n\ncovers: text\n"
    project.write("specs/one.md", (HEAD + covers + body).replace("\n", ending))
    project.commit()
    run(project.root, "spec", "suggest-covers", "--write", code=0)
    assert (project.root / "specs/one.md").read_bytes().decode() == (HEAD + expected + body).replace("\n", ending)
    assert run(project.root, "spec", "suggest-covers").stdout == "nothing to suggest\n"


def test_file_without_front_matter_is_stamped_first(project: Project) -> None:
    mapping = 'ids = ["specs/{id}.md"]\nowners = ["ann"]\nstatuses = {"" = "draft"}\n'
    project.write("pyproject.toml", f"[tool.pytest_orchestrator.spec_guard.front_matter]\n{mapping}")
    project.write("src/cart.py", "A = 1\n")
    project.write("specs/plain.md", "# Plain\n\nSee src/cart.py.\n")
    project.commit()
    result = run(project.root, "spec", "suggest-covers", "--write", code=2)
    assert "specs/plain.md:1: has no front matter in YAML to which covers could be added" in result.stderr
    assert "pytest-orchestrator spec stamp specs/plain.md" in result.stderr


def test_list_that_can_not_be_edited_is_refused_and_nothing_is_written(project: Project) -> None:
    project.spec("a", body="See web/app.ts.")
    project.write("specs/one.md", HEAD + "covers: [\n  a/util.py]\n---\nSee web/app.ts.\n")
    project.commit()
    result = run(project.root, "spec", "suggest-covers", "--write", code=2)
    assert "specs/one.md:7: has a list covers that can't be added to" in result.stderr
    assert project.git("status", "--porcelain") == ""

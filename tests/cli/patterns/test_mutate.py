"""`patterns test --mutate`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.cli.patterns.command import call

Write = Callable[..., Path]
CODE = '''\
"""Words."""

from libcst.codemod import VisitorBasedCodemodCommand


class Entry(VisitorBasedCodemodCommand):
    """Words."""

    def leave_Name(self, original_node, updated_node):
        if updated_node.value == "old" and self.context.filename != "never":
            return updated_node.with_changes(value="new")
        return updated_node
'''
CASES = {
    "cases/change/before.py": "x = old\n",
    "cases/change/after.py": "x = new\n",
    "cases/stay/before.py": "x = other\n",
}


@pytest.fixture
def project(tmp_path: Path, write_pattern: Write) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    write_pattern(tmp_path / "patterns", "one", code=CODE, files=CASES)
    return tmp_path


def mutate(project: Path, *arguments: str, code: int) -> str:
    result = call(project, "test", "--mutate", *arguments, code=code)
    return re.sub(" {2,}", "  ", result.stdout + result.stderr)


def contents(project: Path) -> Mapping[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(project.rglob("*")) if path.is_file()}


def test_surviving_mutants_are_listed_with_a_hint(project: Path) -> None:
    before = contents(project)
    output = mutate(project, "one", code=1)
    assert contents(project) == before
    assert (
        """\
one/pattern.py:10: no case notices: constant changed
- if updated_node.value == "old" and self.context.filename != "never":
+ if updated_node.value == "old" and self.context.filename != "":
add a case that depends on this value
"""
        in output
    )
    assert "one  12  10  0  2  0  83.3%" in output


def test_two_runs_give_the_same_json(project: Path) -> None:
    first, second = (json.loads(mutate(project, "--format", "json", code=1)) for _ in range(2))
    assert [(item["line"], item["change"]) for item in first[0]["survived"]] == [
        (10, "condition dropped"),
        (10, "constant changed"),
    ]
    for report in (*first, *second):
        del report["seconds"]
    assert first == second


def test_marked_lines_and_good_cases_leave_nothing(project: Path, write_pattern: Write) -> None:
    code = CODE.replace('"never":', '"never":  # no mutate: no file is called that')
    write_pattern(project / "patterns", "one", code=code, files=CASES)
    assert "one  4  4  0  0  8  100.0%" in mutate(project, code=0)


def test_a_mutant_that_loops_for_ever_counts_as_noticed(project: Path, write_pattern: Write) -> None:
    code = CODE.replace(
        "        return updated_node\n",
        "        n = [1]  # no mutate: enough\n        while n:\n            n.pop()\n        return updated_node\n",
    ).replace(' and self.context.filename != "never":', ":  # no mutate: the loop is what counts")
    write_pattern(project / "patterns", "one", code=code, files=CASES)
    (report,) = json.loads(mutate(project, "--format", "json", code=1))
    assert report["timeouts"] == 1
    assert report["killed"] + report["timeouts"] + len(report["survived"]) == report["mutants"]


@pytest.mark.parametrize(
    ("files", "keys", "output"),
    [
        ({"cases/change/after.py": "x = newer\n"}, {}, "fails its own case change (output) without any change"),
        ({"pattern.py": "x = (\n"}, {}, "one/pattern.py:1: is not valid Python"),
        ({}, {"entry": "package.module:Entry"}, "one has no code in its folder"),
        ({"template.md": "x"}, {"kind": "template", "entry": ""}, "one has no code in its folder"),
    ],
)
def test_a_pattern_that_cannot_be_mutated_is_an_error(
    project: Path, write_pattern: Write, files: Mapping[str, str], keys: Mapping[str, str], output: str
) -> None:
    write_pattern(project / "patterns", "one", files=files, **keys)
    assert output in mutate(project, "one", code=2)


def test_without_a_case_nothing_could_notice(project: Path, write_pattern: Write) -> None:
    write_pattern(project / "patterns", "caseless", code=CODE)
    assert "has no case that could notice" in mutate(project, "caseless", code=2)


def test_a_library_without_code_is_bad_input(tmp_path: Path, write_pattern: Write) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    write_pattern(tmp_path / "patterns", "one", kind="template", entry="", files={"template.md": "x"})
    assert "no pattern has code in its folder" in mutate(tmp_path, code=2)

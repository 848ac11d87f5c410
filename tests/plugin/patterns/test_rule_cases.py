"""The examples of Fixit rules as pytest items, by the rule's module and by a pattern that the rule is the entry of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.plugin.pytest_runs import run_process, run_pytest

pytest_plugins = ["pytester"]

Write = Callable[..., Path]
RULE = """
import libcst as cst
from fixit import Invalid, LintRule

class {name}(LintRule):
    \"\"\"Names that are old.\"\"\"

    VALID = ["new"]
    INVALID = [Invalid("x\\nold", expected_replacement="x\\n{fixed}"), "old()"]

    def visit_Name(self, node: cst.Name) -> None:
        if node.value == "old":
            self.report(node, "old", replacement=node.with_changes(value="new"))
"""
CHECKS = ["VALID-0::output", "INVALID-0::output", "INVALID-0::fix", "INVALID-1::output"]


@pytest.fixture
def rules(pytester: pytest.Pytester) -> Path:
    """A package with a module of rules, which pytest can import."""
    pytester.makeini("[pytest]\npythonpath = .\n")
    folder = pytester.mkpydir("ourlint")
    (folder / "rules.py").write_text(RULE.format(name="NoOld", fixed="new"))
    return folder


def collected(pytester: pytest.Pytester, *arguments: str) -> list[str]:
    result = run_pytest(pytester, "--collect-only", "-q", "-p", "no:cacheprovider", *arguments)
    return [line for line in result.stdout.lines if "::" in line]


@pytest.mark.parametrize("named", [("ourlint/rules.py",), ("--pyargs", "ourlint.rules")])
def test_a_module_of_rules_that_is_named_is_collected_example_by_example(
    pytester: pytest.Pytester, rules: Path, named: tuple[str, ...]
) -> None:
    assert collected(pytester, *named) == [f"ourlint/rules.py::NoOld::{check}" for check in CHECKS]
    run_pytest(pytester, *named).assert_outcomes(passed=4)


def test_one_example_can_be_named(pytester: pytest.Pytester, rules: Path) -> None:
    run_pytest(pytester, "ourlint/rules.py::NoOld::INVALID-0::fix").assert_outcomes(passed=1)
    run_pytest(pytester, "ourlint/rules.py", "-k", "INVALID-0").assert_outcomes(passed=2, deselected=2)


def test_a_wrong_autofix_is_shown_as_a_difference(pytester: pytest.Pytester, rules: Path) -> None:
    (rules / "rules.py").write_text(RULE.format(name="NoOld", fixed="newer"))
    result = run_pytest(pytester, "ourlint/rules.py")
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(
        ["ourlint/rules.py: the autofix gives another result", "--- expected", "+++ actual", "-newer*", "+new*"]
    )
    assert "Traceback" not in result.stdout.str()


def test_unconfigured_modules_and_test_modules_are_left_to_pytest(pytester: pytest.Pytester, rules: Path) -> None:
    (pytester.path / "test_rules.py").write_text(RULE.format(name="NoOld", fixed="new") + "def test_it(): pass\n")
    assert collected(pytester) == ["test_rules.py::test_it"]
    assert collected(pytester, "test_rules.py") == ["test_rules.py::test_it"]
    assert collected(pytester, "ourlint") == []


def test_rules_are_collected_where_they_are_defined(pytester: pytest.Pytester, rules: Path) -> None:
    (rules / "more.py").write_text(
        f"from ourlint.rules import NoOld\n{RULE.format(name='NoOlder', fixed='new')}\n# VALID\n"
    )
    assert collected(pytester, "ourlint/more.py") == [f"ourlint/more.py::NoOlder::{check}" for check in CHECKS]


def test_a_module_that_can_not_be_imported_by_its_name_is_an_error(pytester: pytest.Pytester, rules: Path) -> None:
    (pytester.path / "lint").mkdir()
    (rules / "rules.py").rename(pytester.path / "lint/rules.py")
    result = run_pytest(pytester, "lint/rules.py", "--import-mode=importlib")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["lint/rules.py: contains Fixit rules, but can't be imported as rules", "*pythonpath*"])


def test_a_pattern_whose_entry_is_a_rule_has_its_examples_as_cases(
    pytester: pytest.Pytester, rules: Path, write_pattern: Write
) -> None:
    write_pattern(pytester.path / "patterns", "no-old", kind="linter", entry="ourlint.rules:NoOld")
    wanted = [f"patterns/no-old/pattern.yaml::{check}" for check in ["complete", *CHECKS]]
    assert collected(pytester, "patterns") == wanted
    run_pytest(pytester, "patterns").assert_outcomes(passed=5)
    run_process(pytester, "patterns", "-n", "2").assert_outcomes(passed=5)


def test_a_rule_in_the_folder_of_a_codemod_is_tried_on_its_examples_too(
    pytester: pytest.Pytester, write_pattern: Write
) -> None:
    code = RULE.format(name="Entry", fixed="new")
    files = {"cases/edit/before.py": "old = 1\n", "cases/edit/after.py": "new = 1\n"}
    write_pattern(pytester.path / "patterns", "no-old", code=code, files=files)
    result = run_pytest(pytester, "patterns", "-k", "VALID or INVALID or output")
    result.assert_outcomes(passed=5, deselected=8)


def test_a_rule_that_can_not_be_loaded_is_a_collection_error(
    pytester: pytest.Pytester, rules: Path, write_pattern: Write
) -> None:
    (rules / "rules.py").write_text(RULE.format(name="NoOld", fixed="new") + "raise ValueError('no')\n")
    write_pattern(pytester.path / "patterns", "no-old", kind="linter", entry="ourlint.rules:NoOld")
    result = run_pytest(pytester, "patterns")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*pattern 'no-old' can't be loaded: *rules.py:*ValueError: no"])

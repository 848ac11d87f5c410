"""The plugin that pytest loads: options, and the features that they enable.

Only pytest is imported here, because every pytest run in the environment loads this module.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pytest_orchestrator import hookspecs


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare the hooks, so that a `conftest.py` can implement them in any run."""
    pluginmanager.add_hookspecs(hookspecs)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options, in a group for each feature."""
    guard = parser.getgroup("spec-guard", "spec freshness (pytest-orchestrator)")
    guard.addoption("--spec-guard", action="store_true", help="check the specs beside the tests")
    guard.addoption("--spec-guard-only", action="store_true", help="check the specs and run no other tests")
    guard.addoption("--spec-guard-base", metavar="REV", help="compare the change with this revision")
    guard.addoption(
        "--spec-guard-scope",
        choices=["all", "diff"],
        help="diff: findings on specs unrelated to the change are warnings",
    )
    guard.addoption("--spec-guard-max-age", metavar="DAYS", type=int, help="the maximum age of a review")
    guard.addoption("--spec-guard-today", metavar="DATE", help="use this date as today, as YYYY-MM-DD")
    guard.addoption("--spec-guard-dry-run", action="store_true", help="report violations without failing")

    evaluation = parser.getgroup("evaluate", "pattern evaluation (pytest-orchestrator)")
    evaluation.addoption("--evaluate", action="store_true", help="run the scenarios in evaluation/")
    evaluation.addoption("--evaluate-only", action="store_true", help="run the scenarios and no other tests")
    evaluation.addoption("--evaluate-agent", metavar="NAME", help="use this agent instead of the scenario's")
    evaluation.addoption(
        "--evaluate-jobs", metavar="N", type=int, help="number of cases at the same time (default: number of cores)"
    )
    evaluation.addoption("--evaluate-cluster", metavar="ADDRESS", help="run the cases on a Dask cluster")
    evaluation.addoption(
        "--update-expected", action="store_true", help="rewrite the expectations and print what changed"
    )
    evaluation.addoption(
        "--run-dir", metavar="DIR", default=".runs", help="folder for the records of runs (default: .runs)"
    )
    evaluation.addoption(
        "--task-id", metavar="ID", help="name of the run's folder below --run-dir (default: spec-guard or evaluate)"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register a feature if its option is set."""
    config.addinivalue_line("markers", "spec(id, ...): the test is evidence for the specs with these ids")
    option = config.option
    if option.spec_guard or option.spec_guard_only:
        from pytest_orchestrator.plugin.spec.plugin import SpecGuardPlugin

        if config.pluginmanager.register(SpecGuardPlugin(config), "orchestrator-spec-guard") is None:
            raise pytest.UsageError("--spec-guard is given, but -p no:orchestrator-spec-guard blocks it: remove that")
    if option.evaluate or option.evaluate_only or option.update_expected:
        from pytest_orchestrator.plugin.evaluate.collection import ScenarioCollection
        from pytest_orchestrator.plugin.evaluate.plugin import EvaluatePlugin

        evaluate = EvaluatePlugin(config)
        config.pluginmanager.register(evaluate, "orchestrator-evaluate")
        config.pluginmanager.register(ScenarioCollection(config, evaluate.root, evaluate), "orchestrator-scenarios")


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Report a pattern's folder whose `pattern.yaml` is not a file, which pytest would ignore."""
    metadata = path / "pattern.yaml"
    if path.parent.name != "patterns" or metadata.is_file() or not os.path.lexists(metadata):
        return None
    from pytest_orchestrator.plugin.patterns.cases import BrokenFolder

    return BrokenFolder.from_parent(parent, path=path)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the cases of the project's patterns, and the examples of Fixit rules in modules that are named on the
    command line.
    """
    is_pattern = file_path.name == "pattern.yaml" and file_path.parent.parent.name == "patterns"
    if not is_pattern and not _may_hold_rules(file_path, parent):
        return None
    from pytest_orchestrator.plugin.patterns.cases import PatternFile, RuleFile

    return (PatternFile if is_pattern else RuleFile).from_parent(parent, path=file_path)


def _may_hold_rules(file: Path, parent: pytest.Collector) -> bool:
    """Whether the file is a named module that is no test module and may define a rule with examples."""
    if file.suffix != ".py" or not parent.session.isinitpath(file):
        return False
    if any(file.match(glob) for glob in parent.config.getini("python_files")):
        return False
    data = file.read_bytes()
    return b"VALID" in data and (b"LintRule" in data or b"fixit" in data)

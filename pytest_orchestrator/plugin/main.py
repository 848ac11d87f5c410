"""What pytest loads: the options, and the features that they switch on.

Nothing heavier than pytest itself is imported here, because every pytest run in the environment pays for it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pytest_orchestrator import hookspecs


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Let a `conftest.py` implement our hooks, whether or not the run uses them."""
    pluginmanager.add_hookspecs(hookspecs)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare our options; see `docs/architecture.md` for which feature each belongs to."""
    guard = parser.getgroup("spec-guard", "spec freshness (pytest-orchestrator)")
    guard.addoption("--spec-guard", action="store_true", help="fail on specs that are stale, malformed or untrue")
    guard.addoption("--spec-guard-only", action="store_true", help="the spec guard and no other tests")
    guard.addoption("--spec-guard-base", metavar="REV", help="what the change is compared with")
    guard.addoption(
        "--spec-guard-scope", choices=["all", "diff"], help="diff: specs that the change doesn't concern only warn"
    )
    guard.addoption("--spec-guard-max-age", metavar="DAYS", type=int, help="how old a review may be")
    guard.addoption("--spec-guard-today", metavar="DATE", help="the day to judge by, as YYYY-MM-DD")
    guard.addoption("--spec-guard-dry-run", action="store_true", help="report violations, but don't fail on them")

    evaluation = parser.getgroup("evaluate", "pattern evaluation (pytest-orchestrator)")
    evaluation.addoption("--evaluate", action="store_true", help="run the scenarios in evaluation/")
    evaluation.addoption("--evaluate-only", action="store_true", help="the scenarios and no other tests")
    evaluation.addoption("--evaluate-agent", metavar="NAME", help="this agent instead of the scenario's")
    evaluation.addoption("--evaluate-jobs", metavar="N", type=int, help="cases at once (default: one a core)")
    evaluation.addoption("--evaluate-cluster", metavar="ADDRESS", help="run the cases on a Dask cluster")
    evaluation.addoption("--update-expected", action="store_true", help="rewrite the expectations, say what moved")
    evaluation.addoption("--run-dir", metavar="DIR", default=".runs", help="where runs leave their record (.runs)")
    evaluation.addoption("--task-id", metavar="ID", help="the task that the run belongs to")


def pytest_configure(config: pytest.Config) -> None:
    """Register a feature only when its option is set."""
    config.addinivalue_line("markers", "spec(id, ...): the test is evidence for the specs with these ids")
    option = config.option
    if option.spec_guard or option.spec_guard_only:
        from pytest_orchestrator.plugin.spec.plugin import SpecGuardPlugin

        config.pluginmanager.register(SpecGuardPlugin(config), "orchestrator-spec-guard")
    if option.evaluate or option.evaluate_only or option.update_expected:
        from pytest_orchestrator.plugin.evaluate.plugin import EvaluatePlugin

        config.pluginmanager.register(EvaluatePlugin(config), "orchestrator-evaluate")


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A pattern's folder whose `pattern.yaml` pytest would pass over, for it is no file, is an error."""
    metadata = path / "pattern.yaml"
    if path.parent.name != "patterns" or metadata.is_file() or not os.path.lexists(metadata):
        return None
    from pytest_orchestrator.plugin.patterns.cases import BrokenFolder

    return BrokenFolder.from_parent(parent, path=path)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Patterns' cases are tests of the project that holds them, and so are the examples of Fixit rules in a module that
    pytest is told to collect by name.
    """
    is_pattern = file_path.name == "pattern.yaml" and file_path.parent.parent.name == "patterns"
    if not is_pattern and not _may_hold_rules(file_path, parent):
        return None
    from pytest_orchestrator.plugin.patterns.cases import PatternFile, RuleFile

    return (PatternFile if is_pattern else RuleFile).from_parent(parent, path=file_path)


def _may_hold_rules(file: Path, parent: pytest.Collector) -> bool:
    """Whether this is a module that was named, is none of tests, and may define a rule with examples."""
    if file.suffix != ".py" or not parent.session.isinitpath(file):
        return False
    if any(file.match(glob) for glob in parent.config.getini("python_files")):
        return False
    data = file.read_bytes()
    return b"VALID" in data and (b"LintRule" in data or b"fixit" in data)

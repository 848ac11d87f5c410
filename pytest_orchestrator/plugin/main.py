"""The plugin that pytest loads: options, and the features that they enable.

Only pytest is imported here, because every pytest run in the environment loads this module.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from pytest_orchestrator import hookspecs

_LEFT_ALONE = pytest.StashKey[bool]()


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

    parser.addini("spec_guard", "check the specs beside the tests, as --spec-guard", type="bool", default=False)
    parser.addini("spec_guard_base", "as --spec-guard-base", default=None)
    parser.addini("spec_guard_scope", "as --spec-guard-scope", default=None)
    parser.addini("spec_guard_max_age", "as --spec-guard-max-age", type="int", default=None)
    parser.addini("spec_guard_dry_run", "as --spec-guard-dry-run", type="bool", default=False)

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
    _apply_settings(config)
    if option.spec_guard and not option.spec_guard_only and _leaves_tests_alone(config):
        option.spec_guard = False
        config.stash[_LEFT_ALONE] = True
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


def _apply_settings(config: pytest.Config) -> None:
    """Take from pytest's settings what the command line does not say."""
    option = config.option
    option.spec_guard = option.spec_guard or _setting(config, "spec_guard")
    option.spec_guard_base = option.spec_guard_base or _setting(config, "spec_guard_base")
    option.spec_guard_dry_run = option.spec_guard_dry_run or _setting(config, "spec_guard_dry_run")
    scope = _setting(config, "spec_guard_scope")
    if scope not in (None, "all", "diff"):
        raise pytest.UsageError(f"{config.inipath}: spec_guard_scope must be all or diff, not {scope!r}")
    option.spec_guard_scope = option.spec_guard_scope or scope
    if option.spec_guard_max_age is None:
        option.spec_guard_max_age = _setting(config, "spec_guard_max_age")


def _setting(config: pytest.Config, name: str) -> Any:
    try:
        return config.getini(name)
    except (TypeError, ValueError, pytest.UsageError) as error:  # pytest does not name the setting
        raise pytest.UsageError(f"{config.inipath}: {name}: {error}") from error


def _leaves_tests_alone(config: pytest.Config) -> bool:
    """Whether only single tests are named, and nobody typed `--spec-guard`: it comes from pytest's settings.

    xdist's workers get the words of the command line, and decide alike.
    """
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        return False
    typed = frozenset(map(str, config.invocation_params.args))
    named: list[str] = getattr(config, "args", [])  # none where `--help` ended the parsing
    single = [name in typed and "::" in name and name.partition("::")[0].endswith(".py") for name in named]
    return "--spec-guard" not in typed and bool(single) and all(single)


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say that the spec guard does not run although pytest's settings ask for it."""
    left_alone = config.stash.get(_LEFT_ALONE, False)
    return "spec guard: not run, because single tests are named; --spec-guard runs it" if left_alone else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config) -> None:
    """Say which option is missing where a spec, a scenario or an item of theirs was named."""
    found_nothing = exitstatus in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED)
    if config.args_source is pytest.Config.ArgsSource.ARGS and any(
        _may_be_ours(name, found_nothing) for name in config.args
    ):
        from pytest_orchestrator.plugin.missing_options import missing_options

        session = config.pluginmanager.get_plugin("session")
        collected = frozenset(item.path for item in getattr(session, "items", ()))
        for line in missing_options(config, collected, found_nothing=found_nothing):
            terminalreporter.line(line, yellow=True)


def _may_be_ours(argument: str, found_nothing: bool) -> bool:
    """Whether an argument may name a spec or a scenario; a folder only where pytest found nothing."""
    suffix = os.path.splitext(argument.partition("::")[0])[1]  # noqa: PTH122 - pathlib is slower
    return suffix != ".py" and (suffix != "" or found_nothing)


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

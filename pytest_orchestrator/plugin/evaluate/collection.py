"""Making pytest collect the scenarios and nothing that the options exclude."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_orchestrator.evaluation.plan.scenario import FOLDER, SUFFIX, own_scenarios, shipped_scenarios
from pytest_orchestrator.plugin.evaluate.arguments import select
from pytest_orchestrator.plugin.evaluate.items import ScenarioFile
from pytest_orchestrator.plugin.evaluate.plugin import EvaluatePlugin
from pytest_orchestrator.plugin.project import KEEP_WITH_ONLY


class ScenarioCollection:
    """Collects the scenarios of the project at `root`, or the shipped ones. `runner` runs their cases."""

    def __init__(self, config: pytest.Config, root: Path, runner: EvaluatePlugin) -> None:
        self._config = config
        self._root = root
        self._runner = runner
        self._initial = tuple(config.args)
        self._named = self._initial if config.args_source is pytest.Config.ArgsSource.ARGS else ()
        self._own = own_scenarios(root)
        self._collected_paths = frozenset(parent for path in self._own for parent in (path, *path.parents))
        self._shipped: dict[Path, tuple[str, ...]] = {}

    def pytest_collection(self) -> None:
        """Add the scenarios to pytest's arguments, after the spec guard has changed them."""
        config, option = self._config, self._config.option
        selection = select(
            (*config.args, *(argument for argument in self._named if argument not in config.args)),
            named=self._named,
            cwd=config.invocation_params.dir,
            root=self._root,
            own=self._own,
            shipped=shipped_scenarios(),
            only=option.evaluate_only or option.spec_guard_only,
            approved=self._guarded(),
        )
        config.args[:] = selection.arguments
        self._shipped = dict(selection.shipped)

    @pytest.hookimpl(tryfirst=True)
    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Collect scenarios in spite of `norecursedirs`, `--ignore` and `--spec-guard-only`."""
        return False if collection_path in self._collected_paths else None

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """Make a collector of each scenario: the project's own ones, and those that were named."""
        named = file_path.name.endswith(SUFFIX) and parent.session.isinitpath(file_path)
        if file_path not in self._own and not named:
            return None
        made: ScenarioFile = ScenarioFile.from_parent(parent, path=file_path, runner=self._runner)
        return made

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Add the cases of the shipped scenarios, which are outside the folders that pytest can collect."""
        if self._config.option.evaluate_only and not self._config.pluginmanager.has_plugin("orchestrator-spec-guard"):
            items[:] = [item for item in items if KEEP_WITH_ONLY in item.stash]
        for path, names in self._shipped.items():
            node_id = f"{FOLDER}/{path.name}"
            file: ScenarioFile = ScenarioFile.from_parent(
                session, path=path, name=node_id, nodeid=node_id, runner=self._runner, names=names
            )
            items.extend(session.genitems(file))

    def _guarded(self) -> tuple[str, ...]:
        """The arguments that the spec guard added or kept."""
        option, arguments = self._config.option, tuple(self._config.args)
        added = tuple(argument for argument in arguments if argument not in self._initial)
        if option.spec_guard_only:
            return arguments
        # What it adds are the folders of specs; it adds nothing when specs were named.
        return (added or arguments) if option.spec_guard else ()

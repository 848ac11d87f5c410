"""Whether every item of the spec guard that pytest collected was judged in the end."""

from __future__ import annotations

import pytest

from pytest_orchestrator.plugin.spec.items import UNCHECKED

COLLECTED = "spec_guard_collected"
"""What a worker of xdist sends the controller: the ids of the items that it collected."""


class Completeness:
    """Items can be lost to `--deselect` or `-k` in pytest's settings, or to a conftest that drops or skips them."""

    def __init__(self) -> None:
        self.collected: set[str] = set()
        """The ids of the items."""
        self._judged: set[str] = set()

    def add(self, report: pytest.TestReport) -> None:
        """Note the verdict in a report, if there is one. An item that we skip leaves it to another item."""
        if "spec_guard" not in report.__dict__ or hasattr(report, "wasxfail"):
            return
        referred = report.skipped and UNCHECKED in str(report.longrepr)
        if report.failed or referred or (report.when == "call" and report.passed):
            self._judged.add(report.nodeid)

    def withheld(self) -> tuple[str, ...]:
        """The ids of the items without a verdict, sorted."""
        return tuple(sorted(self.collected - self._judged))

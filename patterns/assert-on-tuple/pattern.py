"""Asserts that can't fail: `assert (count > 0, "empty")`."""

from __future__ import annotations

import libcst as cst

from pytest_orchestrator.api.patterns import Linter


class AssertOnTuple(Linter):
    """Report asserts of a tuple that is written out and holds something."""

    def visit_Assert(self, node: cst.Assert) -> None:
        """Look at what is asserted."""
        if isinstance(node.test, cst.Tuple) and node.test.elements:
            self.report(node, "a tuple is always true, so this never fails: write `assert condition, message`")

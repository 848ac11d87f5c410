"""LibCST's matchers are imported when one is used, and are then what they always are."""

from __future__ import annotations

import subprocess
import sys

import pytest

_DEFER = """
from pytest_orchestrator.pattern_engine.worker.deferred_import import defer_matchers
defer_matchers()
import pytest_orchestrator.pattern_engine.worker.main
import libcst.codemod, libcst.matchers
is_loaded = lambda: "Call" in vars(libcst.matchers)
"""


@pytest.mark.parametrize(
    ("used", "loads"),
    [
        pytest.param("from libcst import codemod, matchers; codemod.VisitorBasedCodemodCommand", False, id="an import"),
        pytest.param("from libcst.codemod.visitors._add_imports import AddImportsVisitor", False, id="a module"),
        pytest.param("assert libcst.matchers.matches(libcst.Name('a'), libcst.matchers.Name('a'))", True, id="a match"),
        pytest.param("assert 'Call' in dir(libcst.matchers)", True, id="a list of names"),
        pytest.param("from libcst.codemod.visitors import ApplyTypeAnnotationsVisitor", True, id="a visitor"),
        pytest.param("libcst.codemod.visitors.ApplyTypeAnnotationsVisitor", True, id="an attribute of a package"),
    ],
)
def test_matchers_are_imported_when_one_is_used(used: str, loads: bool) -> None:
    check = f"assert not is_loaded()\n{used}\nassert is_loaded() is {loads}, is_loaded()"
    done = subprocess.run([sys.executable, "-c", _DEFER + check], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

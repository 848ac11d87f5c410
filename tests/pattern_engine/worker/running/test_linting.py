from __future__ import annotations

from pathlib import Path

from pytest_orchestrator.pattern_engine.host.apply import ApplyOptions, apply
from pytest_orchestrator.pattern_engine.host.workspace import Workspace
from pytest_orchestrator.pattern_engine.library.library import shipped_folder
from pytest_orchestrator.pattern_engine.pattern import bind, read_pattern
from pytest_orchestrator.pattern_engine.results import Rejected


def test_statements_that_libcst_refuses_are_a_fact_about_the_file(tmp_path: Path) -> None:
    """Python's parser leaves it to the compiler to refuse a bare `except:` before others."""
    (tmp_path / "a.py").write_text("try:\n    run()\nexcept:\n    pass\nexcept E:\n    pass\n")
    call = bind(read_pattern(shipped_folder() / "bare-except"), {})

    (rejected,) = apply(Workspace(tmp_path), [call], ["a.py"], options=ApplyOptions(every_file=False)).files

    assert isinstance(rejected, Rejected)
    assert (rejected.reason, rejected.message) == ("syntax", "LibCST's parser fails on it: CSTValidationError")

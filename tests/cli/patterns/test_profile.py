from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_orchestrator.commands.patterns.profile import profile_patterns
from pytest_orchestrator.pattern_engine.library.library import load_library
from tests.cli.patterns.command import call


def test_a_profile_counts_the_files_that_a_pattern_is_run_on_in_vain(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "a.py").write_text("class A(object):\n    pass\n")
    (tmp_path / "b.py").write_text("x = object()\n")
    (tmp_path / "c.py").write_text("x = 1\n")
    (tmp_path / "ignored.py").write_text("class A(object):\n    pass\n")
    (tmp_path / ".gitignore").write_text("ignored.py\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    selection = ("--select", "no-object-base", "--select", "naive-datetime")
    result = call(tmp_path, "profile", "--format", "json", *selection)
    first, second = json.loads(result.stdout)
    assert first.pop("seconds") >= 0
    assert first == {"pattern": "no-object-base", "files": 3, "matched": 2, "touched": 1, "failed": []}
    assert (second["pattern"], second["matched"], second["touched"]) == ("naive-datetime", 0, 0)
    assert (tmp_path / "a.py").read_text() == "class A(object):\n    pass\n"
    call(tmp_path, "profile", "--select", "tag:none", code=2)


def test_a_profile_of_a_pattern_that_fails_is_no_success(tmp_path: Path, write_pattern: Callable[..., Path]) -> None:
    code = """
from pytest_orchestrator.api.patterns import Linter

class Entry(Linter):
    def visit_Name(self, node): raise ValueError("no")
"""
    (tmp_path / "pyproject.toml").write_text("")
    write_pattern(tmp_path / "patterns", "one", code=code, kind="linter")
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "b.py").write_text("x = 1\n")
    result = call(tmp_path, "profile", "--select", "one", "a.py", "b.py", code=2)
    assert result.stderr == "one failed on a.py: patterns/one/pattern.py:5: ValueError: no, and on 1 more\n"


def test_a_profile_searches_for_a_trigger_within_the_time_limit(
    tmp_path: Path, write_pattern: Callable[..., Path]
) -> None:
    code = """
from pytest_orchestrator.api.patterns import Linter

class Entry(Linter):
    pass
"""
    write_pattern(tmp_path / "patterns", "slow", code=code, kind="linter", trigger="{text: ['.*a.*b.*c.*d']}")
    (tmp_path / "a.py").write_text(f"x = '{'ab' * 1_500}'\n")  # the search takes hours
    (tmp_path / "b.py").write_text("abcd = 1\n")
    library = load_library([tmp_path / "patterns"])
    (profile,) = profile_patterns(tmp_path, library, ["slow"], ["a.py", "b.py"], time_limit_s=1.0)
    assert (profile.matched, profile.touched, len(profile.failed)) == (1, 0, 1)
    assert profile.failed[0].startswith("a.py: did not end within 1 s")


def test_a_profile_leaves_a_checkouts_patterns_out_on_request(
    tmp_path: Path, write_pattern: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / "it-ran"
    code = f"""
from pathlib import Path
from pytest_orchestrator.api.patterns import Linter

Path({str(marker)!r}).touch()

class Entry(Linter):
    pass
"""
    (tmp_path / "pyproject.toml").write_text("")
    write_pattern(tmp_path / "patterns", "one", code=code, kind="linter")
    (tmp_path / "a.py").write_text("x = 1\n")
    call(tmp_path, "profile")
    assert marker.exists()
    marker.unlink()
    monkeypatch.setenv("PYTEST_ORCHESTRATOR_LIBRARY", "shipped")
    call(tmp_path, "profile")
    assert not marker.exists()

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.plugin.pytest_runs import run_process, run_pytest

pytest_plugins = ["pytester"]

Write = Callable[..., Path]
CODEMOD = """
import os
from libcst.codemod import VisitorBasedCodemodCommand

class Entry(VisitorBasedCodemodCommand):
    def leave_Name(self, original_node, updated_node):
        if original_node.value == "raises": raise ValueError("no")
        if original_node.value == "ends": os._exit(3)
        print("noise")
        return updated_node.with_changes(value="new") if original_node.value == "old" else updated_node
"""
FILES = {"cases/edit/before.py": "old = 1\n", "cases/edit/after.py": "new = 1\n", "cases/stay/before.py": "x = 1\n"}


@pytest.fixture
def patterns(pytester: pytest.Pytester, write_pattern: Write) -> Callable[..., Path]:
    """Writes a pattern into the project under test."""

    def write(id_: str = "one", **arguments: object) -> Path:
        return write_pattern(pytester.path / "patterns", id_, **{"code": CODEMOD, "files": FILES, **arguments})

    return write


def test_every_check_of_every_case_is_an_item(pytester: pytest.Pytester, patterns: Callable[..., Path]) -> None:
    patterns()
    result = run_pytest(pytester, "--collect-only", "-q", "-p", "no:cacheprovider")
    assert result.ret == 0
    found = [line for line in result.stdout.lines if "::" in line]
    assert found[0] == "patterns/one/pattern.yaml::complete"
    assert "patterns/one/pattern.yaml::edit::output" in found
    assert "patterns/one/pattern.yaml::stay::encoding-cookie" in found
    assert len(found) == 1 + 2 * 8


def test_a_right_pattern_passes_and_libcst_stays_out_of_the_process(
    pytester: pytest.Pytester, patterns: Callable[..., Path]
) -> None:
    patterns()
    pytester.makeconftest(
        """
        import sys

        def pytest_unconfigure():
            print("libcst" if "libcst" in sys.modules else "no libcst")
        """
    )
    result = run_process(pytester, "-v")
    result.assert_outcomes(passed=17)
    assert result.stdout.lines[-1] == "no libcst"
    assert "noise" not in result.stdout.str()


def test_codemods_in_a_cycle_or_after_an_unknown_one_fail(
    pytester: pytest.Pytester, patterns: Callable[..., Path]
) -> None:
    patterns("one", after="[two]")
    patterns("two", after="[one]")
    result = run_pytest(pytester, "-k", "complete")
    result.assert_outcomes(passed=1, failed=1, deselected=32)
    assert "patterns/one/pattern.yaml" in result.stdout.str()
    assert "form a cycle" in result.stdout.str()
    patterns("two", after="[oen]")
    result = run_pytest(pytester, "-k", "complete")
    result.assert_outcomes(passed=1, failed=1, deselected=32)
    assert "there is no pattern 'oen': did you mean 'one'?" in result.stdout.str()


def test_items_are_chosen_by_id_and_by_keyword(pytester: pytest.Pytester, patterns: Callable[..., Path]) -> None:
    patterns()
    run_pytest(pytester, "patterns/one/pattern.yaml::edit::output").assert_outcomes(passed=1)
    run_pytest(pytester, "-k", "crlf").assert_outcomes(passed=2, deselected=15)


def test_a_failure_holds_its_location_and_a_difference(
    pytester: pytest.Pytester, patterns: Callable[..., Path]
) -> None:
    patterns(files={**FILES, "cases/edit/after.py": "newer = 1\n"})
    result = run_pytest(pytester, "-k", "edit and output")
    result.assert_outcomes(failed=1, deselected=16)
    result.stdout.fnmatch_lines(
        ["patterns/one/cases/edit/after.py: the pattern gives another result", "-newer = 1", "+new = 1"]
    )
    assert "Traceback" not in result.stdout.str()
    assert "pattern_cases.py" not in result.stdout.str()


def test_patterns_that_misbehave_fail_alone(pytester: pytest.Pytester, patterns: Callable[..., Path]) -> None:
    patterns(files={**FILES, "cases/a/before.py": "raises\n", "cases/b/before.py": "ends\n"})
    result = run_pytest(pytester, "-k", "output or complete")
    result.assert_outcomes(passed=3, failed=2, deselected=28)
    result.stdout.fnmatch_lines(
        [
            "patterns/one/cases/a/before.py: rejected (raised): patterns/one/pattern.py:7: ValueError: no",
            "patterns/one/cases/b/before.py: rejected (exited): ended its process with exit code 3",
        ]
    )


def test_a_malformed_case_is_one_failed_item(pytester: pytest.Pytester, patterns: Callable[..., Path]) -> None:
    patterns(kind="linter", files={"cases/a/before.py": "", "cases/a/expect.yaml": "diagnostics:\n- line: one\n"})
    result = run_pytest(pytester, "-k", "well-formed")
    result.assert_outcomes(failed=1, deselected=1)
    result.stdout.fnmatch_lines(["patterns/one/cases/a/expect.yaml:2: *"])


def test_malformed_metadata_is_a_collection_error_without_a_traceback(
    pytester: pytest.Pytester, patterns: Callable[..., Path]
) -> None:
    patterns(safty="safe")
    result = run_pytest(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*patterns/one/pattern.yaml:9: unknown key 'safty'*did you mean 'safety'?*"])
    assert "Traceback" not in result.stdout.str()
    assert ".py:" not in result.stdout.str()


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("nowhere")])
def test_metadata_that_is_no_file_is_a_collection_error(
    pytester: pytest.Pytester, patterns: Callable[..., Path], make: Callable[[Path], object]
) -> None:
    patterns()
    metadata = patterns("two") / "pattern.yaml"
    metadata.unlink()
    make(metadata)
    result = run_pytest(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["patterns/two/pattern.yaml: can't be read: *"])


def test_other_yaml_files_are_left_alone(pytester: pytest.Pytester) -> None:
    for name in ("pattern.yaml", "patterns/pattern.yaml", "other/one/pattern.yaml", "patterns/one/other.yaml"):
        (pytester.path / name).parent.mkdir(parents=True, exist_ok=True)
        (pytester.path / name).write_text("nonsense")
    assert run_pytest(pytester).ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_one_worker_serves_a_session_and_none_is_left(pytester: pytest.Pytester, patterns: Callable[..., Path]) -> None:
    note = pytester.path / "pids"
    patterns(code=CODEMOD.replace('print("noise")', f"open({str(note)!r}, 'a').write(f'{{os.getpid()}}\\n')"))
    run_pytest(pytester).assert_outcomes(passed=17)
    (pid,) = {int(line) for line in note.read_text().split()}
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_cases_run_under_xdist(pytester: pytest.Pytester, patterns: Callable[..., Path]) -> None:
    patterns()
    run_process(pytester, "-n", "2").assert_outcomes(passed=17)

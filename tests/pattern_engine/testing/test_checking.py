from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.library.cases import Case, checks, load_cases
from pytest_orchestrator.pattern_engine.pattern import Pattern, read_pattern
from pytest_orchestrator.pattern_engine.testing.checking import CheckResult, check_complete, run_check
from tests.pattern_engine.old_names import CODEMOD, LINTER

Write = Callable[..., Path]
Results = Mapping[str, CheckResult]

VARIANTS = ("crlf", "bom", "no-final-newline", "encoding-cookie", "form-feed")
EXPECT = "diagnostics:\n- {line: 2, column: 5, end_line: 2, end_column: 8, message: don't}\n"


@pytest.fixture
def run(tmp_path: Path, write_pattern: Write, worker: WorkerHandle) -> Callable[..., Results]:
    """Every check of the one case, which is called `case`."""

    def run(code: str, files: Mapping[str, str], **keys: str) -> Results:
        pattern, case = only_case(write_pattern, tmp_path, code, files, keys)
        return {
            check: run_check(pattern, case, check, worker=worker, time_limit_s=20) for check in checks(pattern, case)
        }

    return run


def only_case(
    write_pattern: Write, folder: Path, code: str, files: Mapping[str, str], keys: Mapping[str, str]
) -> tuple[Pattern, Case]:
    inside = {f"cases/case/{name}": text for name, text in files.items()}
    pattern = read_pattern(write_pattern(folder, "one", code=code, files=inside, **keys))
    (case,) = load_cases(pattern)
    return pattern, case


def failed(results: Results) -> set[str]:
    return {name for name, result in results.items() if not result.passed}


def test_a_right_codemod_passes_every_check(run: Callable[..., Results]) -> None:
    results = run(CODEMOD, {"before.py": "old = 1\n", "after.py": "new = 1\n"})
    assert tuple(results) == ("output", "idempotent", "parses", *VARIANTS)
    assert failed(results) == set()


def test_a_file_without_after_must_stay(run: Callable[..., Results]) -> None:
    assert failed(run(CODEMOD, {"before.py": "x = 1\n"})) == set()


def test_a_file_that_must_stay_and_does_not_fails(run: Callable[..., Results]) -> None:
    results = run(CODEMOD, {"before.py": "old = 1\n"})
    assert failed(results) == {"output", *VARIANTS}
    assert "changes a file that must stay the same" in results["output"].message
    assert results["output"].path == "cases/case/before.py"


def test_a_wrong_output_is_shown_as_a_difference(run: Callable[..., Results]) -> None:
    results = run(CODEMOD, {"before.py": "old = 1\n", "after.py": "newer = 1\n"})
    assert failed(results) == {"output", *VARIANTS}
    assert "-newer = 1\n+new = 1" in results["output"].message
    assert results["output"].path == "cases/case/after.py"
    assert "-newer = 1\\r\n+new = 1\\r" in results["crlf"].message
    assert "+new = 1 (no newline at the end)" in results["no-final-newline"].message


def test_a_codemod_that_never_comes_to_rest_fails(run: Callable[..., Results]) -> None:
    code = CODEMOD.replace(
        '"new") if original_node.value == "old"', 'original_node.value + "x") if original_node.value'
    )
    results = run(code, {"before.py": "old = 1\n", "after.py": "oldx = 1\n"})
    assert failed(results) == {"idempotent"}
    assert "-oldx = 1\n+oldxx = 1" in results["idempotent"].message


def test_a_codemod_that_raises_on_its_own_output_fails(run: Callable[..., Results]) -> None:
    code = CODEMOD.replace("        return", "        assert original_node.value != 'new'\n        return")
    results = run(code, {"before.py": "old = 1\n", "after.py": "new = 1\n"})
    assert failed(results) == {"idempotent"}
    assert "pattern.py:7: AssertionError" in results["idempotent"].message


@pytest.mark.parametrize(
    ("inserted", "checks_that_fail"),
    [
        ('tree.with_changes(default_newline="\\n", header=[*tree.header, cst.EmptyLine()])', {"crlf"}),
        ("tree.with_changes(has_trailing_newline=True)", {"no-final-newline"}),
        ('tree.with_changes(encoding="utf-8")', {"bom", "encoding-cookie"}),
        ("tree.with_changes(header=[line for line in tree.header if line.comment])", {"form-feed"}),
    ],
)
def test_a_codemod_that_loses_bytes_outside_its_edit_fails(
    run: Callable[..., Results], inserted: str, checks_that_fail: set[str]
) -> None:
    code = CODEMOD + f"\n    def leave_Module(self, original_node, tree):\n        return {inserted}\n"
    after = "\nold = 1\n" if "EmptyLine" in inserted else "old = 1\n"
    files = {"before.py": "old = 1\n", "after.py": after} if after != "old = 1\n" else {"before.py": "old = 1\n"}
    results = run(code.replace('== "old"', '== "nothing"'), files)
    assert failed(results) - {"idempotent"} == checks_that_fail


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("raise ValueError('no')", "one/pattern.py:7: ValueError: no"),
        ("raise SystemExit(3)", "one/pattern.py:7: called sys.exit(3)"),
        ("import os; os._exit(3)", "rejected (exited): ended its process with exit code 3"),
        ("return updated_node.with_changes(value='class')", "rejected (broken-output)"),
    ],
)
def test_a_codemod_that_misbehaves_fails_with_its_own_line(
    tmp_path: Path, write_pattern: Write, worker: WorkerHandle, statement: str, expected: str
) -> None:
    code = CODEMOD.replace("        return", f"        {statement}\n        return")
    pattern, case = only_case(write_pattern, tmp_path, code, {"before.py": "x = 1\n"}, {})
    result = run_check(pattern, case, "output", worker=worker)
    assert not result.passed
    assert expected in result.message
    assert "Traceback" not in result.message


def test_a_codemod_that_loops_for_ever_fails(tmp_path: Path, write_pattern: Write, worker: WorkerHandle) -> None:
    code = CODEMOD.replace("        return", "        while True: pass\n        return")
    pattern, case = only_case(write_pattern, tmp_path, code, {"before.py": "x = 1\n"}, {})
    worker.check([])
    result = run_check(pattern, case, "output", worker=worker, time_limit_s=1.0)
    assert "rejected (time): did not end within 1 s" in result.message


def test_a_case_that_python_cannot_parse_fails_with_the_line(run: Callable[..., Results]) -> None:
    results = run(CODEMOD, {"before.py": "x = 1\nx = (\n"})
    assert failed(results) == set(results)
    assert (results["output"].path, results["output"].line) == ("cases/case/before.py", 2)


def test_a_right_linter_passes_every_check(run: Callable[..., Results]) -> None:
    results = run(LINTER, {"before.py": "x = 1\ny = old\n", "expect.yaml": EXPECT}, kind="linter")
    assert tuple(results) == ("output", *VARIANTS)
    assert failed(results) == set()


def test_an_unexpected_report_fails_with_its_location(run: Callable[..., Results]) -> None:
    results = run(LINTER, {"before.py": "x = 1\ny = old\n"}, kind="linter")
    assert failed(results) == set(results)
    for name in ("output", "encoding-cookie", "form-feed"):
        assert "+ reported, not expected: 2:5-2:8 don't" in results[name].message


@pytest.mark.parametrize(
    ("old", "new"),
    [("line: 2", "line: 1"), ("column: 5", "column: 4"), ("end_column: 8", "end_column: 9"), ("don't", "no")],
)
def test_a_report_at_another_location_or_with_another_message_fails(
    run: Callable[..., Results], old: str, new: str
) -> None:
    results = run(LINTER, {"before.py": "x = 1\ny = old\n", "expect.yaml": EXPECT.replace(old, new, 1)}, kind="linter")
    assert failed(results) == set(results)
    assert "+ reported, not expected: 2:5-2:8" in results["output"].message
    assert "- expected, not reported: " in results["output"].message


def test_messages_are_compared_only_where_they_are_given(run: Callable[..., Results]) -> None:
    expect = "diagnostics:\n" + "".join(
        f"- {{line: 1, column: 1, end_line: 1, end_column: 4{message}}}\n" for message in ("", ", message: two")
    )
    code = LINTER.replace('"don\'t")', '"two"); self.report(node, "one")')
    assert failed(run(code, {"before.py": "old = 1\n", "expect.yaml": expect}, kind="linter")) == set()


def test_a_linter_that_raises_fails(run: Callable[..., Results]) -> None:
    results = run(LINTER.replace("if node", "assert False\n        if node"), {"before.py": "x = 1\n"}, kind="linter")
    assert "one/pattern.py:6: AssertionError" in results["output"].message


def test_a_template_is_rendered_and_compared(run: Callable[..., Results]) -> None:
    keys = {
        "kind": "template",
        "entry": "",
        "parameters": "\n  name: {type: string, description: x}"
        "\n  loud: {type: boolean, description: y, default: false}",
    }
    files = {"parameters.yaml": "name: Ada\n", "after.md": "Hello Ada, {name}, false!\n"}
    template = {"../../template.md": "Hello {{name}}, {name}, {{ loud }}!\n"}
    assert failed(run("", {**files, **template}, **keys)) == set()
    results = run("", {**files, **template, "after.md": "Hello Bob\n"}, **keys)
    assert "-Hello Bob\n+Hello Ada" in results["output"].message
    results = run("", {**files, "../../template.md": "\nHello {{nam}}!\n"}, **keys)
    assert "did you mean 'name'?" in results["output"].message
    assert results["output"].line == 2


@pytest.mark.parametrize(
    ("kind", "files", "path", "expected"),
    [
        ("codemod", {"after.py": "x = 1\n"}, "cases/case", "lacks before.py"),
        ("codemod", {"before.py": "x = 1\n", "after.py": "x = 1\n"}, "cases/case/after.py", "the same as before.py"),
        (
            "codemod",
            {"before.py": "", "expect.yaml": ""},
            "cases/case/expect.yaml",
            "does not belong in a case of a codemod",
        ),
        ("linter", {"before.py": "", "expect.yml": ""}, "cases/case/expect.yml", "did you mean 'expect.yaml'?"),
        ("linter", {"before.py": "", "expect.yaml": "- 1\n"}, "cases/case/expect.yaml", "expected mapping"),
        (
            "linter",
            {"before.py": "", "expect.yaml": EXPECT.replace("end_", "ent_")},
            "cases/case/expect.yaml",
            "ent_line",
        ),
        ("linter", {"before.py": "", "parameters.yaml": "[1]"}, "cases/case/parameters.yaml", "expected mapping"),
        (
            "linter",
            {"before.py": "", "parameters.yaml": "size: 1"},
            "cases/case/parameters.yaml",
            "no parameter 'size'",
        ),
        ("linter", {"before.py": "", "parameters.yaml": "a: 1\na: 2"}, "cases/case/parameters.yaml", "twice"),
    ],
)
def test_a_malformed_case_is_one_failed_check(
    run: Callable[..., Results], kind: str, files: dict[str, str], path: str, expected: str
) -> None:
    results = run(LINTER if kind == "linter" else CODEMOD, files, kind=kind)
    assert failed(results) == set(results) == {"well-formed"}
    assert results["well-formed"].path == path
    assert expected in results["well-formed"].message


def test_a_stray_file_among_the_cases_is_no_case(tmp_path: Path, write_pattern: Write) -> None:
    files = {"cases/notes.txt": "x", "cases/.hidden": "x", "cases/a/before.py": "", "cases/a/.hidden": ""}
    pattern = read_pattern(write_pattern(tmp_path, "one", code=CODEMOD, files=files))
    good, stray = load_cases(pattern)
    assert (good.name, good.problem) == ("a", None)
    assert checks(pattern, stray) == ("well-formed",)
    assert "is not a folder" in str(stray.problem)


@pytest.mark.parametrize(
    ("files", "code", "expected"),
    [
        ({"README.md": " \n", "cases/a/before.py": ""}, CODEMOD, "no README.md"),
        ({}, CODEMOD, "no case"),
        ({"cases/a/before.py": ""}, "x = (\n", "one/pattern.py:1: SyntaxError"),
        ({"cases/a/before.py": ""}, LINTER, "write kind: linter"),
    ],
)
def test_a_pattern_that_lacks_something_fails_with_what_is_missing(  # noqa: PLR0917 - fixtures and a row
    tmp_path: Path, write_pattern: Write, worker: WorkerHandle, files: dict[str, str], code: str, expected: str
) -> None:
    pattern = read_pattern(write_pattern(tmp_path, "one", code=code, files=files))
    result = check_complete(pattern, worker=worker)
    assert not result.passed
    assert expected in result.message


def test_a_whole_pattern_is_complete(tmp_path: Path, write_pattern: Write, worker: WorkerHandle) -> None:
    pattern = read_pattern(write_pattern(tmp_path, "one", code=CODEMOD, files={"cases/a/before.py": ""}))
    assert check_complete(pattern, worker=worker).passed
    template = write_pattern(
        tmp_path, "two", kind="template", entry="", files={"template.md": "x", "cases/a/after.md": "x"}
    )
    assert check_complete(read_pattern(template), worker=worker).passed

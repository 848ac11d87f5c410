from __future__ import annotations

from pathlib import Path
from typing import Any

import libcst as cst
import pytest
from libcst.codemod import CodemodCommand, CodemodContext, SkipFile, VisitorBasedCodemodCommand

from pytest_orchestrator.api.patterns import Linter
from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.pattern_engine.results import Rejected
from pytest_orchestrator.pattern_engine.worker.running.linting import LintedText
from pytest_orchestrator.pattern_engine.worker.running.rewriting import revise, rewrite
from pytest_orchestrator.pattern_engine.worker.running.source import Text, parse
from pytest_orchestrator.pattern_engine.worker.visiting.construction import LoadedPattern

HERE = Path(__file__)


class Rename(VisitorBasedCodemodCommand):
    """Every name `old` becomes `new`."""

    def __init__(self, context: CodemodContext, new: str = "new") -> None:
        super().__init__(context)
        self.new = new

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:  # noqa: N802 - LibCST's names
        return updated_node.with_changes(value=self.new) if original_node.value == "old" else updated_node


class Names(Linter):
    """Every name `old` is reported."""

    def visit_Name(self, node: cst.Name) -> None:  # noqa: N802 - LibCST's names
        if node.value == "old":
            self.report(node, "old")


class Change(CodemodCommand):
    """Changes attributes of the module."""

    def __init__(self, context: CodemodContext, **changes: Any) -> None:
        super().__init__(context)
        self.changes = changes

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        return tree.with_changes(**self.changes)


class Bytes(VisitorBasedCodemodCommand):
    """Every string becomes bytes."""

    def leave_SimpleString(  # noqa: N802 - LibCST's names
        self, _original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.SimpleString:
        return updated_node.with_changes(value="b" + updated_node.value)


def loaded(
    entry_class: type[CodemodCommand] | type[Linter], minimum_python: str = "3.6", **parameters: Any
) -> LoadedPattern:
    return LoadedPattern(
        id="it", entry_class=entry_class, parameters=parameters, minimum_python=minimum_python, home=HERE
    )


def source(data: bytes) -> Text:
    found = parse("a.py", data)
    assert isinstance(found, Text), found
    return found


def rewritten(data: bytes, pattern: LoadedPattern) -> bytes | Rejected:
    result = revise(source(data), pattern, root=Path("/repository"))
    return result if isinstance(result, Rejected) else result.data


@pytest.mark.parametrize(
    ("data", "reason", "line"),
    [
        (b"x = 1\nx = (\n", "syntax", 2),
        (b"import x\nprint 'x'\n", "syntax", 2),
        (b"x = 1\ny = 1 \\", "syntax", None),
        (b"x = 1\n\0\n", "not-text", 2),
        ("x = 1\n".encode("utf-16"), "not-text", 1),
        (b"x = 1\ny = '\xe9'\n", "encoding", 2),
        (b"# coding: ascii\nx = 1\ny = '\xe9'\n", "encoding", 3),
        (b"# coding: klingon\nx = 1\n", "encoding", 1),
        (b"# coding: hex\nx = 1\n", "encoding", 1),
        (b"\xef\xbb\xbf# coding: latin-1\nx = 1\n", "encoding", 1),
        (b"x = 1\ry = 2\r", "round-trip", None),
        (b"\x0cx = 1\n", "round-trip", 1),
    ],
)
def test_an_unreadable_file_is_rejected_with_reason_and_line(data: bytes, reason: str, line: int | None) -> None:
    result = parse("a.py", data)
    assert isinstance(result, Rejected)
    assert (result.path, result.reason, result.pattern) == ("a.py", reason, "")
    assert line is None or result.line == line
    assert result.message
    assert "\n" not in result.message


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b""),
        (b"old = 1\n", b"new = 1\n"),
        (b"old = 1", b"new = 1"),
        (b"old = 1\r\nx = 2\nold\r\n", b"new = 1\r\nx = 2\nnew\r\n"),
        (b"\xef\xbb\xbfold = 1\r\n", b"\xef\xbb\xbfnew = 1\r\n"),
        (b"# coding: latin-1\nold = '\xe9'\n", b"# coding: latin-1\nnew = '\xe9'\n"),
        (b"# coding: shift_jis\nold = '\x83\x5c'\n", b"# coding: shift_jis\nnew = '\x83\x5c'\n"),
        (b"\x0c\nold = 1\n\x0c\nx = 1  \n    ", b"\x0c\nnew = 1\n\x0c\nx = 1  \n    "),
    ],
)
def test_bytes_outside_the_edit_survive(before: bytes, after: bytes) -> None:
    assert rewritten(before, loaded(Rename)) == after


SNOWMAN = [cst.EmptyLine(comment=cst.Comment("# \N{SNOWMAN}"))]
LATIN = b"# coding: latin-1\n"


@pytest.mark.parametrize(
    ("data", "pattern", "reason"),
    [
        (LATIN + b"x = 1\n", loaded(Change, footer=SNOWMAN), "encoding"),
        (b"x = 1\n", loaded(Change, encoding="klingon"), "encoding"),
        (b"old = 1\n", loaded(Rename, new="class"), "broken-output"),
        ("x = '\N{LATIN SMALL LETTER E WITH ACUTE}'\n".encode(), loaded(Bytes), "broken-output"),
        # The first of these is valid in both encodings, but not the same.
        (LATIN + b"x = '\xc3\xa9'\n", loaded(Change, header=[]), "broken-output"),
        (LATIN + b"x = '\xe9'\n", loaded(Change, header=[]), "broken-output"),
    ],
)
def test_output_that_python_reads_differently_or_not_at_all_is_refused(
    data: bytes, pattern: LoadedPattern, reason: str
) -> None:
    result = rewritten(data, pattern)
    assert isinstance(result, Rejected)
    assert (result.reason, result.pattern) == (reason, "it")


def test_output_in_another_encoding_that_reads_the_same_is_written() -> None:
    assert rewritten(LATIN + b"x = 'e'\n", loaded(Change, header=[])) == b"x = 'e'\n"
    assert rewritten(b"x = 'e'\n", loaded(Bytes)) == b"x = b'e'\n"


def test_skip_file_means_unchanged() -> None:
    class Skips(CodemodCommand):
        def transform_module_impl(self, tree: cst.Module) -> cst.Module:  # noqa: ARG002 - LibCST's signature
            raise SkipFile("not mine")

    assert rewritten(b"old = 1\n", loaded(Skips)) == b"old = 1\n"


class Rude(Exception):  # noqa: N818 - it is no error of ours
    """Raises when it is asked what it says."""

    def __str__(self) -> str:
        raise RuntimeError("no")


def recurse() -> None:
    recurse()


@pytest.mark.parametrize(
    ("throw", "reason", "expected"),
    [
        ("raise ValueError('first line\\nsecond line')", "raised", "ValueError: first line"),
        ("raise ValueError('x' * 100_000)", "raised", "ValueError: xxx"),
        ("raise ValueError", "raised", "ValueError"),
        ("raise Rude", "raised", "Rude"),
        ("raise KeyboardInterrupt", "raised", "KeyboardInterrupt"),
        ("raise GeneratorExit", "raised", "GeneratorExit"),
        ("recurse()", "raised", "RecursionError"),
        ("raise MemoryError", "raised", "MemoryError"),
        ("raise SystemExit(3)", "exited", "called sys.exit(3)"),
    ],
)
def test_every_exception_of_a_pattern_becomes_one_line_with_its_location(
    throw: str, reason: str, expected: str
) -> None:
    names = {"CodemodCommand": CodemodCommand, "Linter": Linter, "Rude": Rude, "recurse": recurse}
    code = f"""
class Throws(CodemodCommand):
    def transform_module_impl(self, tree):
        {throw}

class Complains(Linter):
    def visit_Name(self, node):
        {throw}
"""
    exec(compile(code, str(HERE), "exec"), names)  # noqa: S102 - a class for each row
    for name, line in (("Throws", 4), ("Complains", 8)):
        pattern = loaded(names[name])  # type: ignore[arg-type]  # made just above
        given = source(b"old = 1\n")
        result = LintedText(given).lint(pattern) if name == "Complains" else rewrite(given, pattern, root=HERE)
        assert isinstance(result, Rejected)
        assert (result.reason, result.pattern) == (reason, "it")
        assert expected in result.message
        assert "\n" not in result.message
        assert len(result.message) < 500
        if "recurse" not in throw:
            assert f"{HERE.name}:{line}: " in result.message


def test_a_codemod_for_a_newer_python_is_not_run() -> None:
    result = rewritten(b"old = 1\n", loaded(Rename, minimum_python="3.99"))
    assert isinstance(result, Rejected)
    assert (result.reason, result.pattern) == ("unsupported-python", "it")


def test_a_codemods_context_holds_file_and_module_as_in_libcst() -> None:
    names = []

    class Asks(CodemodCommand):
        def transform_module_impl(self, tree: cst.Module) -> cst.Module:
            context = self.context
            names.append((context.filename, context.full_module_name, context.full_package_name))
            return tree

    for path in ("pkg/sub/mod.py", "pkg/__init__.py", "top.py"):
        given = parse(path, b"x = 1\n")
        assert isinstance(given, Text)
        rewrite(given, loaded(Asks), root=Path("/repository"))
    assert names == [
        ("/repository/pkg/sub/mod.py", "pkg.sub.mod", "pkg.sub"),
        ("/repository/pkg/__init__.py", "pkg", "pkg"),
        ("/repository/top.py", "top", ""),
    ]


def finding(start: tuple[int, int], end: tuple[int, int]) -> Diagnostic:
    range_ = Range(start_line=start[0], start_column=start[1], end_line=end[0], end_column=end[1])
    return Diagnostic(rule="it", severity="warning", message="old", path="a.py", range=range_)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"x = 1\n", []),
        (b"x = 1\ny = old + old\n", [((2, 5), (2, 8)), ((2, 11), (2, 14))]),
        (b"\xef\xbb\xbfold\r\n\r\n'\xc3\xa9', old", [((1, 1), (1, 4)), ((3, 6), (3, 9))]),
        (b"'''\n'''; old\n", [((2, 6), (2, 9))]),
    ],
)
def test_a_linter_reports_exact_ranges(data: bytes, found: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    assert LintedText(source(data)).lint(loaded(Names)) == tuple(finding(*range_) for range_ in found)


def test_findings_are_sorted_and_unique() -> None:
    class Backwards(Linter):
        def leave_Module(self, original_node: cst.Module) -> None:  # noqa: ARG002, N802 - LibCST's names
            for line in (3, 1, 3):
                self.report_range(Range.of_line(line), "here")

    found = LintedText(source(b"x = 1\n")).lint(loaded(Backwards))
    assert not isinstance(found, Rejected)
    assert [item.range.start_line for item in found] == [1, 3]

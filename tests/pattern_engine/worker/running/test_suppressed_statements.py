"""Comments that keep codemods from statements, on the shipped patterns' own cases and in whole runs."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pytest_orchestrator.pattern_engine.channel import WireCall
from pytest_orchestrator.pattern_engine.foreign.dotted_name import fix_of
from pytest_orchestrator.pattern_engine.host.apply import ApplyOptions, apply
from pytest_orchestrator.pattern_engine.host.cache import ResultCache
from pytest_orchestrator.pattern_engine.host.workspace import Workspace
from pytest_orchestrator.pattern_engine.library.cases import load_cases
from pytest_orchestrator.pattern_engine.library.library import library_folders, load_library
from pytest_orchestrator.pattern_engine.pattern import Pattern, PatternCall, bind
from pytest_orchestrator.pattern_engine.results import ApplyReport, Edited, Found, Rejected
from pytest_orchestrator.pattern_engine.worker.loading import load
from pytest_orchestrator.pattern_engine.worker.running.rewriting import revise
from pytest_orchestrator.pattern_engine.worker.running.source import Text
from pytest_orchestrator.pattern_engine.worker.running.suppressed_statements import Suppressed, revise_unsuppressed
from pytest_orchestrator.pattern_engine.worker.visiting.construction import LoadedPattern
from pytest_orchestrator.python_syntax import parse_quietly
from tests.pattern_engine.old_names import CODEMOD, renaming

MakeCall = Callable[..., PatternCall]
ROOT = Path(__file__).resolve().parents[3]
LIBRARY = load_library(library_folders(ROOT))
CODEMODS = [pattern.id for pattern in LIBRARY.patterns if pattern.kind == "codemod"]
ALONE = [id_ for id_ in CODEMODS if LIBRARY.get(id_).trigger.within == "header"]


def loaded(name: str) -> LoadedPattern:
    return load(WireCall.of(bind(LIBRARY.get(name), {})))


def made_of(text: str, codemod: str | LoadedPattern, codes: tuple[str, ...] = ()) -> tuple[str, Suppressed]:
    """What a codemod, shipped ones by their name, makes of the text without the statements that comments keep."""
    before = Text(path="a.py", data=text.encode())
    pattern = loaded(codemod) if isinstance(codemod, str) else codemod
    revised, suppressed = revise_unsuppressed(before, pattern, root=Path("/"), codes=codes)
    assert isinstance(revised, Text), revised
    return revised.data.decode(), suppressed


def samples(pattern: Pattern) -> Iterator[str]:
    """The files of the pattern's cases that it changes line by line."""
    for case in load_cases(pattern):
        is_line_by_line = case.after.count(b"\n") == case.before.count(b"\n") and case.after != case.before
        if is_line_by_line and not case.parameters and parse_quietly(case.before) is not None:
            yield case.before.decode()


def marked(text: str, name: str, *, every: int, first: int) -> str:
    """The text with comments on some of the lines that are a statement, or a header, each."""
    lines = text.split("\n")
    ends = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt):
            body: list[ast.stmt] = getattr(node, "body", [])
            ends[node.lineno] = node.lineno + 1 == (body[0].lineno if body else (node.end_lineno or 0) + 1)
    whole = [line for line, is_whole in sorted(ends.items()) if is_whole and "#" not in lines[line - 1]]
    for line in whole[first::every]:
        lines[line - 1] += f"  # orchestrator: ignore[{name}] it is to stay"
    return "\n".join(lines)


@pytest.mark.parametrize("name", ALONE)
def test_marked_statements_stay_and_all_others_change_as_they_would(name: str) -> None:
    texts = [marked(sample, name, every=2, first=first) for sample in samples(LIBRARY.get(name)) for first in (0, 1)]
    stayed = 0
    for text in texts:
        without = revise(Text(path="a.py", data=text.encode()), loaded(name), root=Path("/"))
        assert isinstance(without, Text)
        pairs = list(zip(text.split("\n"), without.data.decode().split("\n"), strict=True))
        made, suppressed = made_of(text, name)
        assert made == "\n".join(old if "orchestrator:" in old else new for old, new in pairs)
        kept = [number for number, (old, new) in enumerate(pairs, start=1) if old != new and "orchestrator:" in old]
        assert suppressed == Suppressed(lines=tuple(kept))
        stayed += len(kept)
    assert stayed


def test_a_codemod_on_slices_leaves_out_whole_statements() -> None:
    handler = "try:\n    raise IOError(1)\nexcept IOError:{}\n    pass\n"
    text = handler.format("  # orchestrator: ignore[io-error-alias] why") + handler.format("")
    made, suppressed = made_of(text, "io-error-alias")
    assert made == text.removesuffix(handler.format("")) + handler.format("").replace("IOError", "OSError")
    assert suppressed == Suppressed(lines=(3,))


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        (
            "class A(  # orchestrator: ignore[no-object-base] why\n    object\n):\n    class B(object): pass\n",
            "object\n",
        ),
        ("class A(\n    object  # orchestrator: ignore[no-object-base] why\n):\n    pass\n", "    object  #"),
        ("@a\nclass A(object):  # orchestrator: ignore[no-object-base] why\n    pass\n", "class A(object)"),
        ("if a:  # orchestrator: ignore[no-object-base] of another line\n    class A(object): pass\n", ""),
        ("# orchestrator: ignore[no-object-base] of another line\n\nclass A(object): pass\n", ""),
        ("class A(object): pass  # orchestrator: ignore[no-object-base]\n", ""),
        ("class A(object): pass  # orchestrator: ignore[another] why\n", ""),
        ("class A(object): pass; x = 1  # orchestrator: ignore[no-object-base] why\n", "class A(object)"),
        (
            "match x:\n    case 1:  # orchestrator: ignore[no-object-base] elsewhere\n        class A(object): pass\n",
            "",
        ),
        (
            "match x:\n    case 1:\n        class A(object): pass  # orchestrator: ignore[no-object-base] why\n",
            "class A(object)",
        ),
    ],
)
def test_a_comment_is_about_the_smallest_statement_or_header_that_holds_it(text: str, stays: str) -> None:
    made, _ = made_of(text + "class C(object): pass\n", "no-object-base")
    assert stays in made
    assert "class C: pass" in made
    assert "class B(object)" not in made
    if not stays:
        assert "(object)" not in made


@pytest.mark.parametrize(
    ("comment", "stays"),
    [("# noqa", False), ("# noqa: UP004", True), ("# NOQA:up0", True), ("# noqa: UP0041", False), ("# noqa: x", False)],
)
def test_foreign_comments_keep_codemods_that_declare_their_codes(comment: str, stays: bool) -> None:
    text = f"class A(object): pass  {comment}\nclass B(object): pass\n"
    made, _ = made_of(text, "no-object-base", codes=("UP004",))
    assert made == text.replace("B(object)", "B").replace("A(object)", "A(object)" if stays else "A")
    assert "object" not in made_of(text, "no-object-base")[0]


def test_a_foreign_comment_about_the_file_keeps_all_of_it() -> None:
    text = "# ruff: noqa: UP006\nfrom typing import List\nx: List[int]\n"
    assert made_of(text, "builtin-generics", codes=("UP006",)) == (text, Suppressed())
    text = "# flake8: noqa\nclass A(object): pass\n"  # without codes it is about what linters say
    assert made_of(text, "no-object-base", codes=("UP004",))[0] == text.replace("(object)", "")


def test_a_codemod_that_can_not_leave_out_a_statement_leaves_out_the_file() -> None:
    text = "from typing import List\nx: List[int]  # orchestrator: ignore[builtin-generics] why\ny: List[int]\n"
    assert made_of(text, "builtin-generics") == (text, Suppressed(lines=(2,), whole_file=True))
    elsewhere = text.replace("x: List[int]", "x: int")
    assert made_of(elsewhere, "builtin-generics")[0] != elsewhere
    removed = text.replace("x: List[int]  #", "x: int\nimport os  #")
    assert made_of(removed, "builtin-generics")[0] != removed


@pytest.mark.parametrize(
    "unusual",
    [
        "# coding: latin-1\nclass A(object): pass  # orchestrator: ignore[no-object-base] why\nclass B(object): pass\n",
        'x = "\\N{no such letter}"\nclass A(object): pass  # orchestrator: ignore[no-object-base] why\nclass B: pass\n',
    ],
)
def test_where_statements_cannot_be_matched_the_file_is_left_alone(unusual: str) -> None:
    assert made_of(unusual, "no-object-base") == (unusual, Suppressed(lines=(2,), whole_file=True))


@pytest.fixture
def make(make_call: MakeCall) -> Callable[..., LoadedPattern]:
    """A codemod, of which the body of the class is given."""
    head = "import libcst as cst\nfrom libcst.codemod import VisitorBasedCodemodCommand as Command"

    def make(id_: str, body: str, **keys: str) -> LoadedPattern:
        return load(WireCall.of(make_call(id_, f"{head}\n\nclass Entry(Command):{body}", **keys)))

    return make


@pytest.fixture
def swap(make: Callable[..., LoadedPattern]) -> LoadedPattern:
    """A codemod that makes calls shorter, whole statement by whole statement."""
    code = """
    def leave_Call(self, original_node, updated_node):
        return cst.Call(cst.Name("new")) if original_node.func.value == "old" else updated_node
"""
    return make("swap", code, trigger=r"{text: ['\bold\b'], within: statement}")


def test_changes_that_cannot_be_separated_are_not_made(swap: LoadedPattern) -> None:
    statement, comment = "old(\n    1,{}\n)\n", "  # orchestrator: ignore[swap] why"
    kept, changed = statement.format(comment), statement.format("")
    assert made_of(kept + changed, swap) == (kept + changed, Suppressed(lines=(2,), whole_file=True))
    assert made_of(f"{kept}x = 1\n{changed}", swap) == (f"{kept}x = 1\nnew()\n", Suppressed(lines=(2,)))


def test_a_statement_is_left_out_as_a_whole_or_not_at_all(swap: LoadedPattern) -> None:
    loop = "for x in (\n    old(1),  # orchestrator: ignore[swap] why\n):\n    old(\n        2\n    )\n"
    beside = f"{loop}old(\n    3\n)\n"
    assert made_of(beside, swap) == (beside, Suppressed(lines=(2,), whole_file=True))
    assert made_of(f"{loop}x = 1\nold(\n    3\n)\n", swap) == (f"{loop}x = 1\nnew()\n", Suppressed(lines=(2,)))


def test_what_would_be_inserted_into_one_statement_of_several_is_not(make: Callable[..., LoadedPattern]) -> None:
    code = """
    def leave_Call(self, original_node, updated_node):
        first, *others = updated_node.args
        return updated_node.with_changes(args=[first, first.with_changes(value=cst.Name("more")), *others])
"""
    pattern = make("grow", code, trigger=r"{text: ['\bgrow\b'], within: statement}")
    kept = "grow(\n    a,\n    b,  # orchestrator: ignore[grow] why\n)\n"
    made = made_of(f"{kept}grow(\n    c,\n    d,\n)\n", pattern)
    assert made == (f"{kept}grow(\n    c,\n    more,\n    d,\n)\n", Suppressed(lines=(3,)))


def test_what_is_inserted_beside_a_statement_may_belong_to_it(make: Callable[..., LoadedPattern]) -> None:
    code = """
    def leave_For(self, original_node, updated_node):
        if original_node.iter.value == "new":
            return updated_node
        return cst.FlattenSentinel([updated_node.with_changes(iter=cst.Name("new")), cst.parse_statement("end()")])
"""
    pattern = make("end", code, trigger=r"{text: ['\bold\b'], within: statement}")
    text = "for x in old:  # orchestrator: ignore[end] why\n    pass\n"
    assert made_of(text, pattern) == (text, Suppressed(lines=(1,), whole_file=True))


def test_a_suppression_covers_all_of_a_file_that_python_cannot_parse() -> None:
    kept = 'y = ["%s" % (a,),\n     1]  # orchestrator: ignore[percent-format-to-fstring] why\n'
    assert made_of(kept, "percent-format-to-fstring") == (kept, Suppressed(lines=(2,)))
    unknown = 'x = "\\N{no such letter}"\n' + kept
    assert made_of(unknown, "percent-format-to-fstring") == (unknown, Suppressed(lines=(3,), whole_file=True))


def test_a_codemod_that_looks_at_the_top_alone_leaves_the_top(make: Callable[..., LoadedPattern]) -> None:
    code = """
    def leave_Module(self, original_node, updated_node):
        return updated_node.with_changes(header=[])
"""
    pattern = make("bare", code, trigger="{text: ['#'], within: top}")
    text = "# a title  # orchestrator: ignore[bare] why\nx = 1\n"
    assert made_of(text, pattern) == (text, Suppressed(lines=(1,)))


def test_a_comment_keeps_the_top_of_a_file() -> None:
    text = "# -*- coding: utf-8 -*-\n# orchestrator: ignore[drop-coding-cookie] of another line\nx = 1\n"
    assert made_of(text, "drop-coding-cookie")[0] == text.partition("\n")[2]


def test_what_would_be_inserted_into_a_statement_touches_it(make: Callable[..., LoadedPattern]) -> None:
    code = """
    def leave_Module(self, original_node, updated_node):
        return cst.parse_module(updated_node.code.replace("a,\\n", "a,\\n    more,\\n"))
"""
    pattern = make("insert", code)
    text = "f(\n    a,\n    b,  # orchestrator: ignore[insert] why\n)\n"
    assert made_of(text, pattern) == (text, Suppressed(lines=(3,), whole_file=True))
    between = "f(\na,\n)\ng()  # orchestrator: ignore[insert] why\n"
    assert made_of(between, pattern)[0] != between


LINES_MORE = """
import libcst as cst
from libcst.codemod import VisitorBasedCodemodCommand

class Entry(VisitorBasedCodemodCommand):
    def leave_Module(self, original_node, updated_node):
        return cst.parse_module("# new\\n" + updated_node.code) if "# new" not in updated_node.code else updated_node
"""


@pytest.fixture
def calls(make_call: MakeCall) -> list[PatternCall]:
    """A chain: one adds a line on top, one renames, statement by statement, and one goes on from there."""
    trigger = r"{{text: ['\b{old}\b'], within: statement}}"
    calls = [make_call("add", LINES_MORE)]
    for id_, old, new in (("first", "old", "new"), ("second", "new", "newest")):
        calls.append(make_call(id_, renaming(old=old, new=new), trigger=trigger.format(old=old)))
    return calls


def run(root: Path, calls: list[PatternCall], text: str, cache: ResultCache | None = None) -> ApplyReport:
    (root / "a.py").write_text(text)
    return apply(Workspace(root), calls, ["a.py"], options=ApplyOptions(every_file=False, cache=cache))


def found(report: ApplyReport) -> list[tuple[int, str]]:
    diagnostics = [item for result in report.files if isinstance(result, Found) for item in result.diagnostics]
    assert {item.rule for item in diagnostics} <= {"suppression"}
    return [(item.range.start_line, item.message) for item in diagnostics]


def test_comments_travel_with_their_lines_through_a_chain(tmp_path: Path, calls: list[PatternCall]) -> None:
    text = """a = old  # orchestrator: ignore[first] its name
b = old  # orchestrator: ignore[second] its name
c = old
d = 1  # orchestrator: ignore[first, second] never
"""
    with ResultCache(tmp_path / "cache") as cache:
        reports = [run(tmp_path, calls, text, cache) for _ in range(2)]
        assert cache.hits == 1
    for report in reports:
        (edited,) = [result for result in report.files if isinstance(result, Edited)]
        assert edited.patterns == ("add", "first", "second")
        assert found(report) == [
            (4, "first would change nothing here: remove it from the comment"),
            (4, "second would change nothing here: remove it from the comment"),
        ]
    changed = text.replace("b = old", "b = new").replace("c = old", "c = newest")
    assert (tmp_path / "a.py").read_text() == "# new\n" + changed


def test_a_needless_comment_is_reported_where_its_codemod_has_nothing_to_do_at_all(
    tmp_path: Path, calls: list[PatternCall]
) -> None:
    text = "# new\nx = 1  # orchestrator: ignore[second] never\ny = 2  # orchestrator: ignore[add]\n"
    assert found(run(tmp_path, calls, text)) == [
        (2, "second would change nothing here: remove it from the comment"),
        (3, "add a reason: # orchestrator: ignore[...] reason"),
    ]


def test_a_file_that_is_left_alone_is_reported_and_the_chain_continues(
    tmp_path: Path, calls: list[PatternCall], make_call: MakeCall
) -> None:
    whole = make_call("whole", renaming(old="mine", new="yours"))
    text = "a = mine  # orchestrator: ignore[whole] it is\nb = mine, old\n"
    report = run(tmp_path, [*calls[:2], whole], text)
    edited, rejected = report.files
    assert isinstance(edited, Edited)
    assert edited.patterns == ("add", "first")
    assert isinstance(rejected, Rejected)
    assert (rejected.reason, rejected.pattern, rejected.line) == ("suppressed", "whole", 1)
    assert (tmp_path / "a.py").read_text() == "# new\n" + text.replace("old", "new")


def test_a_file_that_was_left_alone_at_first_and_changed_then_is_changed(tmp_path: Path, make_call: MakeCall) -> None:
    code = """
import libcst as cst
from libcst.codemod import VisitorBasedCodemodCommand

class Entry(VisitorBasedCodemodCommand):
    def leave_AnnAssign(self, original_node, updated_node):
        return updated_node.with_changes(target=cst.Name("ours"))
"""
    codes = {"whole": renaming("mine", "yours"), "other": code}
    calls = [make_call(id_, code) for id_, code in codes.items()]
    report = run(tmp_path, calls, "mine: int  # orchestrator: ignore[whole] why\nb = mine\n")
    (edited,) = report.files
    assert isinstance(edited, Edited)
    assert edited.patterns == ("other", "whole")
    assert (tmp_path / "a.py").read_text() == "ours: int  # orchestrator: ignore[whole] why\nb = yours\n"


def test_comments_are_not_judged_when_their_codemod_failed(
    tmp_path: Path, calls: list[PatternCall], make_call: MakeCall
) -> None:
    code = CODEMOD.replace("return", "raise ValueError\n        return")
    fails = make_call("fails", code)
    text = "x = 1  # orchestrator: ignore[fails, second] why\n"
    assert found(run(tmp_path, [*calls, fails], text)) == []


def test_a_rule_is_kept_by_its_dotted_name(tmp_path: Path) -> None:
    name = "fixit.rules.no_inherit_from_object.NoInheritFromObject"
    call = bind(fix_of(LIBRARY.get(name)), {})
    text = f"class A(object):  # orchestrator: ignore[{name}] why\n    pass\n"
    (rejected,) = run(tmp_path, [call], text).files
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "suppressed"
    assert (tmp_path / "a.py").read_text() == text


@pytest.mark.parametrize(
    ("template", "lines"),
    [
        ("{mark}class A(object): pass\nclass B(object): pass\n", (1,)),
        ("class B(object): pass\nx = 1\nclass A(\n    object,\n):  {mark}    pass\n", (5,)),
        ("if True:\n    {mark}    class A(object): pass\nclass B(object): pass\n", (2,)),
    ],
)
def test_a_comment_above_or_at_the_closing_bracket_keeps_its_statement(template: str, lines: tuple[int, ...]) -> None:
    text = template.format(mark="# orchestrator: ignore[no-object-base] why\n")
    made, suppressed = made_of(text, "no-object-base")
    assert made == text.replace("B(object)", "B")
    assert suppressed == Suppressed(lines=lines)


@pytest.mark.parametrize("name", ["no-object-base", "builtin-generics"])
def test_a_comment_about_the_file_keeps_all_of_it(name: str) -> None:
    code = "from typing import List\n\n\nclass A(object):\n    b: List[str]\n"
    text = f"# orchestrator: ignore-file[{name}] why\n{code}"
    assert made_of(code, name)[0] != code
    assert made_of(text, name) == (text, Suppressed(lines=(1,)))

"""All of Fixit's own rules through the engine and through Fixit's own runner: the same diagnostics, the same fixes.

On every fifth file of the four small pins. With `PYTEST_ORCHESTRATOR_TEST_PINS=all` on all of them, and on a part of
the other pins: Fixit would need an hour for the rest.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import libcst as cst
import pytest
from fixit.config import collect_rules
from fixit.engine import LintRunner
from fixit.ftypes import Config

from pytest_orchestrator.diagnostics import Diagnostic, Edit
from pytest_orchestrator.pattern_engine.channel import WireCall
from pytest_orchestrator.pattern_engine.foreign.dotted_name import fix_of, named_patterns
from pytest_orchestrator.pattern_engine.foreign.known_triggers import known_trigger
from pytest_orchestrator.pattern_engine.pattern import bind
from pytest_orchestrator.pattern_engine.results import Rejected
from pytest_orchestrator.pattern_engine.trigger import ALWAYS, Trigger
from pytest_orchestrator.pattern_engine.worker.fixit_rules import examples
from pytest_orchestrator.pattern_engine.worker.loading import load
from pytest_orchestrator.pattern_engine.worker.running.linting import LintedText
from pytest_orchestrator.pattern_engine.worker.running.rewriting import revise
from pytest_orchestrator.pattern_engine.worker.running.source import Text
from pytest_orchestrator.pattern_engine.worker.visiting.construction import LoadedPattern
from pytest_orchestrator.python_syntax import is_valid_python
from tests.pattern_engine.peers import OTHER_PINS, Plain, files_of
from tests.pins import ALL_PINS, SMALL_PINS

LARGE_PART = 20
SMALL_PART = 1 if ALL_PINS else 5


@pytest.fixture(scope="module")
def rules() -> tuple[dict[str, LoadedPattern], dict[str, LoadedPattern]]:
    """Fixit's rules as linters and as codemods, by the names that Fixit calls them by."""
    found = named_patterns("fixit.rules")
    names = [pattern.id.rpartition(".")[2].removesuffix("Rule") for pattern in found]
    linters = [load(WireCall.of(bind(pattern, {}))) for pattern in found]
    fixes = [load(WireCall.of(bind(fix_of(pattern), {}))) for pattern in found]
    return dict(zip(names, linters, strict=True)), dict(zip(names, fixes, strict=True))


Comparable = tuple[str, int, int, int, int, str, bool]


def theirs(violations: Sequence[Any]) -> Counter[Comparable]:
    return Counter(
        (
            item.rule_name,
            item.range.start.line,
            item.range.start.column + 1,
            item.range.end.line,
            item.range.end.column + 1,
            item.message,
            bool(item.replacement),
        )
        for item in violations
    )


def ours(
    text: Text, linters: Mapping[str, LoadedPattern], root: Path, *, raising: Collection[str] = ()
) -> Counter[Comparable]:
    """What all but the `raising` rules say, which must be rejected as raised."""
    linted = LintedText(text, tuple(linters.values()), root=root)
    report: Counter[Comparable] = Counter()
    for name, linter in linters.items():
        found = linted.lint(linter) if text.may_match(linter.trigger) else ()
        if name in raising:
            assert isinstance(found, Rejected), f"{text.path}: {name}"
            assert found.reason == "raised"
            continue
        assert not isinstance(found, Rejected), f"{text.path}: {found}"
        report += Counter(comparable(name, item) for item in found)
    return report


def checked(file: Plain) -> tuple[dict[str, tuple[LintRunner, Sequence[Any]]], set[str]]:
    """What Fixit's rules report, each with the runner that knows its nodes, and the rules that raise.

    Of a file on which one raises, Fixit tells nothing: then each is run alone.
    """
    path, config = file.root / file.path, Config(path=file.root / file.path)
    runner, rules = LintRunner(path, file.data), collect_rules(Config(path=file.root / file.path))
    try:
        found = list(runner.collect_violations(rules, config))
    except Exception:
        found = None
    if found is not None:
        return {rule.name: (runner, [item for item in found if item.rule_name == rule.name]) for rule in rules}, set()
    report: dict[str, tuple[LintRunner, Sequence[Any]]] = {}
    for rule in collect_rules(config):
        runner = LintRunner(path, file.data)
        with contextlib.suppress(Exception):
            report[rule.name] = (runner, list(runner.collect_violations([rule], config)))
    return report, {rule.name for rule in rules} - report.keys()


def comparable(name: str, item: Diagnostic) -> Comparable:
    span = item.range
    columns = (span.start_line, span.start_column, span.end_line, span.end_column)
    return (name, *columns, item.message, item.edit is not None)


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("pin", [*SMALL_PINS, *OTHER_PINS])
def test_all_rules_report_and_fix_the_same_as_fixit(
    pin: str,
    tmp_path: Path,
    rules: tuple[dict[str, LoadedPattern], dict[str, LoadedPattern]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("fixit.engine.diff_violation", lambda *_: "")  # a diff for people, which takes half the time
    linters, fixes = rules
    seen = 0
    step = LARGE_PART if pin in OTHER_PINS else SMALL_PART
    for file in islice(files_of(pin, tmp_path), 0, None, step):
        root, path, data = file.root, file.path, file.data
        text = Text(path=path, data=data)
        if text.unfaithful:  # the engine leaves it alone
            continue
        report, raising = checked(file)
        violations = [item for _, found in report.values() for item in found]
        assert ours(text, linters, root, raising=raising) == theirs(violations), path
        seen += len(violations)
        for name, (runner, found) in report.items():
            if any(item.replacement for item in found):
                mended = runner.apply_replacements(found).bytes
                check_fix(text, fixes[name], root, mended)
    assert seen or step > 1  # in a few files there may be nothing to report


# The tokens that a trigger looks for, with everything between them that Python allows there.
ODD_SPELLINGS = {
    "CollapseIsinstanceChecks": "x = isinstance(a, B) or (  # it's\n    # so\n    isinstance)(a, C)\n",
    "UseClsInClassmethod": "class A:\n    @ (  # it's\n    classmethod )\n    def f(this):\n        pass\n",
    "CompareSingletonPrimitivesByIs": "a = (None  # it's\n) == \\\n b\nc = d !=(  # so\n    (True))\n",
    "DeprecatedABCImport": "from.collections import Mapping\nclass A((collections) . Set): pass\n",
    "DeprecatedUnittestAsserts": "class A:\n    def f(self):\n        (self).  assertNotAlmostEquals (1, 2)\n",
    "NoAssertTrueForComparisons": "(self. \\\nassertTrue) (a, 1)\n",
    "NoNamedTuple": "from typing import NamedTuple as N\nclass A(N): pass\n",
    "NoRedundantArgumentsSuper": "class A:\n    def f(self):\n        (super) (A, self).f()\n",
    "NoRedundantListComprehension": "(any  # it's\n) ([a for a in b])\nif 1if all([c for c in d])else 0: pass\n",
    "NoStringTypeAnnotation": "from __future__ import (division,\n    annotations)\na: 'b' = c\n",
    "ReplaceUnionWithOptional": "a: (Union) [None, b]\n",
    "RewriteToComprehension": "(list  # it's\n)  (a for a in b)\n",
    "RewriteToLiteral": "(dict\\\n) ( )\ntuple  (([1]))\n",
    "UseAssertIn": "self.assertFalse (a in b)\n",
    "UseAssertIsNotNone": "self.assertFalse( (a) is None)\n",
    "UseAsyncSleepInAsyncDef": "from time import sleep as s\nasync def f():\n    s(1)\n",
    "UseFstring": "x = ('%s'  # it's\n    # so\n    ) % a\ny = ('' ) \\\n . format(a)\n",
    "VariadicCallableSyntax": "import typing as t\na: t . Callable[[...], b]\n",
}


@pytest.mark.parametrize("name", ODD_SPELLINGS)
def test_a_rule_is_run_on_all_spellings_of_what_it_looks_for(
    name: str, tmp_path: Path, rules: tuple[dict[str, LoadedPattern], dict[str, LoadedPattern]]
) -> None:
    linters, _ = rules
    linter = linters[name]
    text = Text(path="a.py", data=ODD_SPELLINGS[name].encode())
    runner = LintRunner(tmp_path / text.path, text.data)
    rule: Any = linter.linter_class.watcher_class()
    found = theirs(list(runner.collect_violations([rule()], Config(path=tmp_path / text.path))))
    assert found
    assert ours(text, {name: linter}, tmp_path) == found
    blind = dataclasses.replace(linter, trigger=Trigger(text=("there is no such text",)))
    assert ours(text, {name: blind}, tmp_path) != found


def test_of_the_rules_of_another_version_of_fixit_nothing_is_assumed() -> None:
    name = "fixit.rules.no_namedtuple.NoNamedTuple"
    assert known_trigger(name, fixit="2.2.1") != ALWAYS
    assert known_trigger(name, fixit="2.3.0") == ALWAYS


def test_every_example_of_what_a_rule_reports_is_where_it_is_run(
    rules: tuple[dict[str, LoadedPattern], dict[str, LoadedPattern]],
) -> None:
    linters, _ = rules
    missed = [
        (name, case.code)
        for name, linter in linters.items()
        for case in examples(linter.linter_class.watcher_class())
        if not case.is_valid and not linter.trigger.may_match(case.code.encode())
    ]
    assert not missed


def check_fix(text: Text, fix: LoadedPattern, root: Path, mended: bytes) -> None:
    ours = revise(text, fix, root=root)
    if isinstance(ours, Rejected):  # Fixit writes what is no Python any more
        assert ours.reason == "broken-output", ours
        assert not is_valid_python(mended) or not is_the_same_again(mended)
        return
    assert ours.data == mended, f"{text.path}: {fix.id}"


def is_the_same_again(data: bytes) -> bool:
    try:
        return cst.parse_module(data).bytes == data
    except cst.ParserSyntaxError:
        return False


def test_the_edit_of_a_finding_is_what_the_replacement_makes_of_the_file(
    tmp_path: Path, rules: tuple[dict[str, LoadedPattern], dict[str, LoadedPattern]]
) -> None:
    linters, _ = rules
    edits = 0
    made_up = [Plain(root=tmp_path, path="x.py", data=code) for code in MADE_UP]
    for file in [*files_of("itsdangerous", tmp_path), *made_up]:
        text = Text(path=file.path, data=file.data)
        assert text.unfaithful is None
        linted = LintedText(text, tuple(linters.values()), root=file.root)
        actual = []
        for linter in linters.values():
            found = linted.lint(linter)
            assert not isinstance(found, Rejected)
            actual += [edited(text.code, item.edit) for item in found if item.edit is not None]
        assert sorted(actual) == sorted(replaced_one_by_one(file.root / file.path, file.data))
        edits += len(actual)
    assert edits


MADE_UP = (
    b"class A(object):\n    class B(object):\n        def f(self):\n            return lambda: self.g()\n",
    b"class A(object): pass",
    b"class A(object):\r\n    x = lambda: f()\r\n",
    "é = 'ü' ; x = lambda: f() ; y = lambda : g()\n".encode(),
    b"if x:\n    class A(object):\n        pass\nelif x == None:\n    y = list([z for z in a])\n",
)


def replaced_one_by_one(path: Path, data: bytes) -> list[str]:
    config = Config(path=path)
    runner = LintRunner(path, data)
    violations = runner.collect_violations(collect_rules(config), config)
    return [runner.apply_replacements([item]).code for item in violations if item.replacement]


def edited(code: str, edit: Edit) -> str:
    lines = [0]
    for index, char in enumerate(code):
        if char == "\n":
            lines.append(index + 1)
    start = lines[edit.range.start_line - 1] + edit.range.start_column - 1
    end = lines[edit.range.end_line - 1] + edit.range.end_column - 1
    return code[:start] + edit.text + code[end:]

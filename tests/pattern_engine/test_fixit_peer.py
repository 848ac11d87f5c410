"""All of Fixit's own rules through the engine and through Fixit's own runner: the same diagnostics, the same fixes.

On every second file of the four small pins. With `PYTEST_ORCHESTRATOR_TEST_PINS=all` on all of them, and on a part of
the other pins: Fixit would need an hour for the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import libcst as cst
import pytest
from fixit.config import collect_rules
from fixit.engine import LintRunner
from fixit.ftypes import Config

from pytest_orchestrator.pattern_engine.adopted.dotted import fix_of, named_patterns
from pytest_orchestrator.pattern_engine.channel import WireCall
from pytest_orchestrator.pattern_engine.linting import LintedText
from pytest_orchestrator.pattern_engine.loading import load
from pytest_orchestrator.pattern_engine.pattern import bind
from pytest_orchestrator.pattern_engine.results import Rejected
from pytest_orchestrator.pattern_engine.rewriting import Text, revise
from pytest_orchestrator.pattern_engine.syntax import is_valid_python
from pytest_orchestrator.pattern_engine.transform import LoadedPattern, Source
from pytest_orchestrator.records import Diagnostic, Edit
from tests.pattern_engine.peers import ALL_PINS, OTHER_PINS, SMALL_PINS, Plain, files_of

LARGE_PART = 20


@pytest.fixture(scope="module")
def rules() -> tuple[dict[str, LoadedPattern], dict[str, LoadedPattern]]:
    """Fixit's rules as linters and as codemods, by the names that Fixit calls them by."""
    found = named_patterns("fixit.rules")
    names = [pattern.id.rpartition(".")[2].removesuffix("Rule") for pattern in found]
    linters = [load(WireCall.of(bind(pattern, {}))) for pattern in found]
    fixes = [load(WireCall.of(bind(fix_of(pattern), {}))) for pattern in found]
    return dict(zip(names, linters, strict=True)), dict(zip(names, fixes, strict=True))


Told = tuple[str, int, int, int, int, str, bool]


def theirs(violations: Sequence[Any]) -> Counter[Told]:
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


def told(name: str, item: Diagnostic) -> Told:
    place = item.range
    columns = (place.start_line, place.start_column, place.end_line, place.end_column)
    return (name, *columns, item.message, item.edit is not None)


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("pin", [*SMALL_PINS, *OTHER_PINS])
def test_all_rules_say_and_mend_what_fixit_does(
    pin: str,
    tmp_path: Path,
    rules: tuple[dict[str, LoadedPattern], dict[str, LoadedPattern]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("fixit.engine.diff_violation", lambda *_: "")  # a diff for people, which takes half the time
    linters, fixes = rules
    seen = 0
    step = LARGE_PART if pin in OTHER_PINS else 1 if ALL_PINS else 2
    for file in islice(files_of(pin, tmp_path), 0, None, step):
        root, path, data = file.root, file.path, file.data
        text = Text(path=path, data=data)
        if isinstance(text.source, Rejected) or text.source.unfaithful:  # the engine leaves it alone
            continue
        linted = LintedText(text, tuple(linters.values()), root=root)
        ours: Counter[Told] = Counter()
        for name, linter in linters.items():
            found = linted.lint(linter) if text.may_match(linter.trigger) else ()
            assert not isinstance(found, Rejected), f"{path}: {found}"
            ours += Counter(told(name, item) for item in found)
        config = Config(path=root / path)
        runner = LintRunner(root / path, data)
        violations = list(runner.collect_violations(collect_rules(config), config))
        assert ours == theirs(violations), path
        seen += len(violations)
        for name in {item.rule_name for item in violations if item.replacement}:
            mended = runner.apply_replacements([item for item in violations if item.rule_name == name]).bytes
            check_fix(Text.of(text.source), fixes[name], root, mended)
    assert seen


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
        assert isinstance(text.source, Source)
        linted = LintedText(text, tuple(linters.values()), root=file.root)
        actual = []
        for linter in linters.values():
            found = linted.lint(linter)
            assert not isinstance(found, Rejected)
            actual += [edited(text.source.code, item.edit) for item in found if item.edit is not None]
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
    for place, char in enumerate(code):
        if char == "\n":
            lines.append(place + 1)
    start = lines[edit.range.start_line - 1] + edit.range.start_column - 1
    end = lines[edit.range.end_line - 1] + edit.range.end_column - 1
    return code[:start] + edit.text + code[end:]

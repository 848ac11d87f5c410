from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_orchestrator.errors import PatternError
from pytest_orchestrator.pattern_engine.foreign.dotted_name import fix_of, named_pattern, named_patterns
from pytest_orchestrator.pattern_engine.host.apply import ApplyOptions, apply
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.host.workspace import Workspace
from pytest_orchestrator.pattern_engine.pattern import Pattern, bind
from pytest_orchestrator.pattern_engine.results import Edited, Found
from pytest_orchestrator.pattern_engine.testing.rule_cases import check_rule, rule_cases, rule_checks

Write = Callable[[str, str], None]

RULE = '''
import fixit as lint
from libcst import Name, ensure_type

class Base(lint.LintRule):
    MESSAGE = "old"

class NoOldRule(Base):
    """Don't say old.

    It is old.
    """
    VALID = ["new", "x = 1  # lint-ignore: NoOld"]
    INVALID = [lint.Invalid("""
        old
        """, expected_replacement="""
        new
        """)]

    def visit_Name(self, node):
        if node.value == "old":
            self.report(node, replacement=node.with_changes(value="new"))
'''


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes an importable module, `name` with slashes."""
    folder = tmp_path / "importable"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)

    def write_module(name: str, text: str) -> None:
        file = folder / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    return write_module


def test_a_rule_is_known_without_running_its_module(write: Write) -> None:
    write("rules_a", RULE + "raise SystemExit\n")
    rule = named_pattern("rules_a.NoOldRule")
    assert (rule.kind, rule.title, rule.description) == ("linter", "Don't say old.", "It is old.")
    assert "rules_a" not in sys.modules


@pytest.mark.parametrize(
    "text",
    [
        "from rules_b import NoOldRule as Mine",
        "from rules_b import *\nMine = NoOldRule",
        "import rules_b\nclass Mine(rules_b.NoOldRule[int]): ...",
        "try:\n    from rules_b import NoOldRule as Mine\nexcept ImportError: Mine = None",
        "from .below import Mine",
    ],
)
def test_a_rule_is_found_through_imports_and_other_names(write: Write, text: str) -> None:
    write("rules_b", RULE)
    write("package_b/__init__", text)
    write("package_b/below", "from rules_b import NoOldRule\nclass Mine(NoOldRule): pass\n")
    assert named_pattern("package_b.Mine").kind == "linter"


def test_a_module_means_the_rules_that_fixit_finds_in_it(write: Write) -> None:
    write("package_c/__init__", "")
    write("package_c/one", RULE)
    write(
        "package_c/two",
        RULE.replace("NoOldRule(Base", "Other(Second").replace("Base", "Second") + '    PYTHON_VERSION = "< 3"\n',
    )
    write("package_c/deeper/__init__", RULE.replace("NoOldRule", "Deeper"))
    write("package_c/broken", "def f(:\n")
    found = [pattern.id for pattern in named_patterns("package_c")]
    assert found == ["package_c.one.Base", "package_c.one.NoOldRule", "package_c.two.Second"]
    with pytest.raises(PatternError, match="Other is for Python < 3, and this is"):
        named_patterns("package_c.two.Other")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("package_d", "is a module without Fixit rules"),
        ("json", "is a module without Fixit rules"),
        ("sys", "whose source can't be read"),
        ("os.path", "the module os has no LibCST command or Fixit rule 'path'"),
        ("libcst.codemod.commands.noop", "name a LibCST command in it: libcst.codemod.commands.noop.NOOPCommand"),
        ("json.JSONDecoder", "is neither a LibCST command nor a Fixit rule"),
        ("nowhere.Rule", "there is no module 'nowhere'"),
        ("fixit.rules.use_fstring.UseFString", "did you mean 'UseFstring'"),
        ("package_d.not-a-name", "neither a pattern nor a dotted name"),
        ("a..b", "neither a pattern nor a dotted name"),
    ],
)
def test_an_unknown_dotted_name_is_refused(write: Write, name: str, message: str) -> None:
    write("package_d", "x = 1\nclass Loop(Loop): pass\nsame = same\n")
    with pytest.raises(PatternError) as raised:
        named_patterns(name)
    assert message in str(raised.value)


def test_classes_that_are_their_own_ancestors_are_no_rules(write: Write) -> None:
    write("package_e", "class Loop(Loop): pass\nsame = other\nother = same\nclass Two(same): pass\n")
    with pytest.raises(PatternError, match="is neither a LibCST command nor a Fixit rule"):
        named_pattern("package_e.Loop")
    assert named_pattern("package_e.Two").kind == "codemod"


def test_a_rule_of_the_projects_own_reports_fixes_and_is_tested(write: Write, tmp_path: Path) -> None:
    write("rules_h", RULE)
    rule = named_pattern("rules_h.NoOldRule")
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.py").write_text("old\nold  # lint-ignore: NoOld\n# lint-fixme\nold\n")
    (found,) = apply(Workspace(root), [bind(rule, {})], ["a.py"], options=ApplyOptions(every_file=False)).files
    assert isinstance(found, Found)
    assert [(item.range.start_line, item.message, item.edit and item.edit.text) for item in found.diagnostics] == [
        (1, "old", "new")
    ]
    (edited,) = apply(Workspace(root), [bind(fix_of(rule), {})], ["a.py"]).files
    assert isinstance(edited, Edited)
    assert (root / "a.py").read_text() == "new\nold  # lint-ignore: NoOld\n# lint-fixme\nold\n"
    with WorkerHandle() as worker:
        checks = checked(rule, worker)
    assert checks == [
        ("VALID-0", "output", ""),
        ("VALID-1", "output", ""),
        ("INVALID-0", "output", ""),
        ("INVALID-0", "fix", ""),
    ]


def checked(rule: Pattern, worker: WorkerHandle) -> list[tuple[str, str, str]]:
    """What came of each check of each example."""
    return [
        (case.name, check, check_rule(rule, case, check, worker=worker))
        for case in rule_cases(rule, worker=worker)
        for check in rule_checks(case)
    ]


WRONG = """
from fixit import Invalid, LintRule, CodePosition, CodeRange

class Wrong(LintRule):
    VALID = ["old"]
    INVALID = [
        "new",
        Invalid("old", expected_message="other"),
        Invalid("old", expected_replacement="other"),
        Invalid("bad"),
        Invalid("bad", range=CodeRange(CodePosition(1, 0), CodePosition(1, 3)), expected_replacement="x"),
    ]

    def visit_Name(self, node):
        if node.value == "old":
            self.report(node, "it is old", replacement=node.with_changes(value="new"))
        if node.value == "bad":
            raise ValueError("so bad")
"""


def test_wrong_examples_fail_with_their_problem(write: Write) -> None:
    write("rules_i", WRONG)
    with WorkerHandle() as worker:
        checks = checked(named_pattern("rules_i.Wrong"), worker)
    expected = {(case, check): message for case, check, message in checks}
    assert "the rule must report nothing here" in expected["VALID-0", "output"]
    assert expected["INVALID-0", "output"] == "the rule must report something here, and reports nothing"
    assert "expected: any range other" in expected["INVALID-1", "output"]
    assert expected["INVALID-2", "fix"].startswith("the autofix gives another result\n--- expected\n+++ actual\n")
    assert "-other (no newline at the end)\n+new (no newline at the end)" in expected["INVALID-2", "fix"]
    assert "ValueError: so bad" in expected["INVALID-3", "output"]
    assert "ValueError: so bad" in expected["INVALID-4", "fix"]


def test_the_examples_of_a_rule_that_cannot_be_loaded_are_refused(write: Write) -> None:
    write("rules_j", RULE + "raise ValueError('no')\n")
    with WorkerHandle() as worker, pytest.raises(PatternError, match=r"can't be loaded: rules_j\.py:.*ValueError: no"):
        checked(named_pattern("rules_j.NoOldRule"), worker)


@pytest.fixture
def no_fixit(monkeypatch: pytest.MonkeyPatch) -> None:
    """An import system that finds everything but Fixit."""
    finders = [without_fixit(finder) for finder in sys.meta_path]
    monkeypatch.setattr(sys, "meta_path", finders)


def without_fixit(finder: object) -> object:
    class Finder:
        def find_spec(self, name: str, path: object = None) -> object:
            return None if name.partition(".")[0] == "fixit" else finder.find_spec(name, path)  # type: ignore[attr-defined]

    return Finder() if hasattr(finder, "find_spec") else finder


@pytest.mark.parametrize("name", ["fixit.rules.use_fstring.UseFstring", "rules_k.NoOldRule", "fixit.rules"])
def test_without_fixit_its_rules_fail_with_how_to_install_it(write: Write, no_fixit: None, name: str) -> None:
    write("rules_k", RULE)
    with pytest.raises(PatternError, match="not installed") as raised:
        named_patterns(name)
    assert raised.value.fix == "pip install fixit"


REPOSITORY_RULE = """
import libcst as cst
from fixit import LintRule
from libcst.metadata import FilePathProvider, FullyQualifiedNameProvider, ScopeProvider

class Where(LintRule):
    METADATA_DEPENDENCIES = (FilePathProvider, FullyQualifiedNameProvider, ScopeProvider)

    def visit_Module(self, node):
        self.module = node

    def visit_Name(self, node):
        names = sorted(name.name for name in self.get_metadata(FullyQualifiedNameProvider, node, ()))
        path = self.get_metadata(FilePathProvider, self.module)
        self.report(node, f"{path.name} {names}")

    def visit_Name_lpar(self, node): ...
"""


def test_rules_may_ask_for_names_across_the_repository(write: Write, tmp_path: Path) -> None:
    write("rules_l", REPOSITORY_RULE)
    root = tmp_path / "root"
    (root / "package").mkdir(parents=True)
    (root / "package" / "a.py").write_text("def f(): pass\n")
    (found,) = apply(
        Workspace(root), [bind(named_pattern("rules_l.Where"), {})], Workspace(root).select(["package"])
    ).files
    assert isinstance(found, Found)
    assert [item.message for item in found.diagnostics] == ["a.py ['package.a.f']"]

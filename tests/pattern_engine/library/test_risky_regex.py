"""Triggers whose regular expressions take for ever: they cost their pattern a file, and never hang the run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_orchestrator.commands.patterns import profile as patterns_profile
from pytest_orchestrator.pattern_engine.foreign.stock import stock_names
from pytest_orchestrator.pattern_engine.host.apply import apply
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.host.workspace import Workspace
from pytest_orchestrator.pattern_engine.library.library import Library, library_folders, load_library
from pytest_orchestrator.pattern_engine.library.risky_regex import must_be_watched
from pytest_orchestrator.pattern_engine.pattern import PatternCall, bind, read_pattern
from pytest_orchestrator.pattern_engine.results import Edited, Found, Rejected
from tests.pattern_engine.old_names import CODEMOD, LINTER, renaming

Write = Callable[..., Path]
CATASTROPHIC = "{text: ['(a+)+$']}"
HARMLESS = "old = 1\n"
ENDLESS = f"x = '{'a' * 60}!'\nold = 1\n"
LIBRARY = load_library(library_folders(Path(__file__).resolve().parents[3]))


@pytest.fixture
def write(tmp_path: Path, write_pattern: Write) -> Callable[..., PatternCall]:
    (tmp_path / "endless.py").write_text(ENDLESS)
    (tmp_path / "harmless.py").write_text(HARMLESS)

    def write(id_: str, kind: str, trigger: str) -> PatternCall:
        code = LINTER if kind == "linter" else CODEMOD
        return bind(read_pattern(write_pattern(tmp_path / "own", id_, code=code, kind=kind, trigger=trigger)), {})

    return write


@pytest.mark.parametrize("every_file", [True, False])
@pytest.mark.parametrize("kind", ["linter", "codemod"])
def test_a_trigger_that_takes_for_ever_costs_its_pattern_the_file(
    tmp_path: Path, write: Callable[..., PatternCall], kind: str, every_file: bool
) -> None:
    calls = [write("endless", kind, CATASTROPHIC), write("other", "linter", "{text: [old]}")]
    paths = ["endless.py", "harmless.py"]
    report = apply(Workspace(tmp_path), calls, paths, time_limit_s=1.0, write=False, every_file=every_file)
    (rejected,) = [item for item in report.files if isinstance(item, Rejected)]
    assert (rejected.path, rejected.reason, rejected.pattern) == ("endless.py", "time", "endless")
    assert rejected.message == (
        "looking for its trigger did not end within 1 s: simplify the regular expressions in its pattern.yaml"
    )
    found = {item.path: [one.rule for one in item.diagnostics] for item in report.files if isinstance(item, Found)}
    assert found == {"endless.py": ["other"], "harmless.py": ["other"]}


def test_such_a_trigger_is_looked_for_in_what_other_codemods_made(
    tmp_path: Path, write: Callable[..., PatternCall], write_pattern: Write
) -> None:
    folder = write_pattern(tmp_path / "own", "first", code=renaming("old", "a" * 60))
    (tmp_path / "harmless.py").write_text("f(old.x, 1)\n")
    calls = [bind(read_pattern(folder), {}), write("endless", "codemod", CATASTROPHIC)]
    (rejected,) = apply(Workspace(tmp_path), calls, ["harmless.py"], time_limit_s=1.0, every_file=False).files
    assert isinstance(rejected, Rejected)
    assert (rejected.pattern, rejected.reason) == ("endless", "time")


def test_a_watched_trigger_still_chooses_the_files(tmp_path: Path, write: Callable[..., PatternCall]) -> None:
    call = write("some", "codemod", "{text: ['ol+d']}")
    (tmp_path / "none.py").write_text("x = 1\n")
    assert must_be_watched(call.pattern)
    report = apply(Workspace(tmp_path), [call], ["harmless.py", "none.py"], every_file=False)
    (edited,) = report.files
    assert isinstance(edited, Edited)
    with WorkerHandle() as worker:
        assert worker.may_match(call, b"olld")
        assert not worker.may_match(call, b"od")


def test_a_profile_counts_a_file_that_takes_too_long_as_matched(
    tmp_path: Path, write: Callable[..., PatternCall], monkeypatch: pytest.MonkeyPatch
) -> None:
    call = write("endless", "codemod", CATASTROPHIC)
    with WorkerHandle() as worker:
        assert worker.may_match(call, ENDLESS.encode(), time_limit_s=1.0)
        assert not worker.may_match(call, HARMLESS.encode())
    library = Library(patterns=(write("some", "codemod", "{text: ['ol+d']}").pattern,))
    (profile,) = patterns_profile.profile_patterns(tmp_path, library, ["some"], ["harmless.py"])
    assert (profile.matched, profile.touched) == (1, 1)


@pytest.mark.parametrize("name", [*(pattern.id for pattern in LIBRARY.patterns), *stock_names()])
def test_what_is_shipped_costs_nothing_more(name: str) -> None:
    assert not must_be_watched(LIBRARY.get(name))


@pytest.mark.parametrize(
    ("text", "watched"),
    [
        (r"\bold\b", False),
        (r"\bsuper\b(?!\(\))", False),
        (r"List|Dict|[*+]\*", False),
        (r"[]*]x[^]+]", False),
        (r"\s*old", True),
        ("(a+)+$", True),
        ("a{2,}", True),
        ("a?" * 13 + "a" * 13, True),
        ("(?:a|a)" * 13, True),
    ],
)
def test_only_what_repeats_or_has_many_choices_is_watched(
    write: Callable[..., PatternCall], text: str, watched: bool
) -> None:
    assert must_be_watched(write("one", "codemod", f"{{text: ['{text}']}}").pattern) is watched

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pytest_orchestrator.errors import InputError, PatternError
from pytest_orchestrator.pattern_engine.host.apply import apply
from pytest_orchestrator.pattern_engine.host.workspace import Workspace
from pytest_orchestrator.pattern_engine.library.library import Library, load_library
from pytest_orchestrator.pattern_engine.library.order import in_order
from pytest_orchestrator.pattern_engine.pattern import bind, read_pattern

Write = Callable[..., Path]
MakeLibrary = Callable[..., Library]


@pytest.fixture
def library(tmp_path: Path, write_pattern: Write) -> MakeLibrary:
    """Codemods by name, with what they come after."""

    def make(**after: Sequence[str]) -> Library:
        for id_, names in after.items():
            write_pattern(tmp_path / "patterns", id_, code="x = 1\n", after=f"[{', '.join(names)}]")
        return load_library([tmp_path / "patterns"])

    return make


def order(library: Library, ids: str) -> str:
    return "".join(call.pattern.id for call in in_order([bind(library.get(id_), {}) for id_ in ids]))


@pytest.mark.parametrize(
    ("named", "run"),
    [("abcd", "bcda"), ("dcba", "dbca"), ("ca", "ca"), ("ac", "ac"), ("ab", "ba"), ("aab", "baa"), ("", "")],
)
def test_codemods_run_as_named_but_after_what_they_come_after(library: MakeLibrary, named: str, run: str) -> None:
    assert order(library(a=["b", "d"], b=[], c=["b"], d=[]), named) == run


def test_a_circle_is_an_error_that_names_it_with_lines(library: MakeLibrary) -> None:
    with pytest.raises(PatternError) as raised:
        library(a=["b"], b=["c"], c=["d", "b"], d=[], e=["a"])
    error = raised.value
    assert "b after c (patterns/b/pattern.yaml:9), c after b (patterns/c/pattern.yaml:9)" in error.message
    assert (error.path, error.line) == ("patterns/b/pattern.yaml", 9)


def test_a_circle_of_patterns_from_nowhere_is_one_too(tmp_path: Path, write_pattern: Write) -> None:
    folders = [write_pattern(tmp_path, one, code="x", after=f"[{other}]") for one, other in ("ab", "ba")]
    calls = [bind(read_pattern(folder), {}) for folder in folders]
    (folders[0] / "pattern.yaml").write_text("not: [what it was")
    with pytest.raises(PatternError, match="a after b"):
        apply(Workspace(tmp_path), calls, ())


@pytest.mark.parametrize("key", ["after", "conflicts_with"])
@pytest.mark.parametrize(
    ("names", "keys", "message"),
    [
        ("[nearb]", {}, "did you mean 'nearby'"),
        ("[a-linter]", {}, "'a-linter' is a linter"),
        ("[one]", {}, "names the pattern itself"),
        ("[nearby]", {"kind": "linter"}, "a linter changes nothing"),
        ("[nearby, nearby]", {}, "the same item twice"),
        ("[Near.By]", {}, "Near.By"),
    ],
)
def test_names_that_mean_nothing_are_errors_with_their_line(  # noqa: PLR0917 - fixtures and a row
    tmp_path: Path, write_pattern: Write, key: str, names: str, keys: dict[str, str], message: str
) -> None:
    folder = tmp_path / "patterns"
    write_pattern(folder, "nearby", code="x = 1\n")
    write_pattern(folder, "a-linter", code="x = 1\n", kind="linter")
    write_pattern(folder, "one", code="x = 1\n", **{key: names}, **keys)
    with pytest.raises((PatternError, InputError), match=message) as raised:
        load_library([folder])
    assert (raised.value.path, raised.value.line) == ("patterns/one/pattern.yaml", 9)

"""Each shipped pattern against ruff's rule of the same meaning, location by location, on real code.

`oracles/<pattern>.yaml` names the rules, and lists every location that only one of the two reports, with the reason.
An unlisted difference fails, and so does a listed one that is gone. So does a list of more than 2 % of all locations,
unless the file says why that can't be helped; one location is always allowed, because a pattern may have too few
locations for a percentage to mean anything.

The small pins are compared by default, all of them with `PYTEST_ORCHESTRATOR_TEST_PINS=all`. Files that ruff or LibCST
can't read are left out.
"""

from __future__ import annotations

import ast
import bisect
import difflib
import io
import json
import re
import subprocess
import sys
import tokenize
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import pytest

from pytest_orchestrator.codec.decode import read_yaml
from pytest_orchestrator.fixture_store.lock import load_pins
from pytest_orchestrator.fixture_store.store import default_store
from pytest_orchestrator.pattern_engine.host.apply import ApplyOptions, Change, Observer, Workers, apply
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.host.workspace import Workspace
from pytest_orchestrator.pattern_engine.library.library import Library
from pytest_orchestrator.pattern_engine.pattern import Pattern, bind
from pytest_orchestrator.pattern_engine.results import Found, Rejected, is_fact
from tests.pins import ALL_PINS, ROOT, SMALL_PINS, stored

ORACLES = sorted(Path(__file__).with_name("oracles").glob("*.yaml"))
PINS = tuple(sorted(load_pins(ROOT))) if ALL_PINS else SMALL_PINS

UNREADABLE = frozenset({"invalid-syntax", "E902"})
"""What ruff says of files that it can't parse or open."""

WITHOUT_ORACLE: Mapping[str, str] = {
    "six-removal": "ruff has no rule for six",
}
"""Patterns that no rule of ruff means the same as, and why."""

Position = tuple[int, int]
Span = tuple[Position, Position]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Places that one of the two doesn't report, by pin: `path/in/the/pin.py:line:column`."""

    only: Literal["ruff", "us"]
    reason: str
    at: Mapping[str, tuple[str, ...]]

    def locations(self, pins: Iterable[str]) -> set[tuple[str, str]]:
        """Who reports, and where, in these pins."""
        return {(self.only, f"{pin}/{location}") for pin in pins for location in self.at.get(pin, ())}


@dataclass(frozen=True, kw_only=True)
class Oracle:
    """What a pattern is held against. `locations` is how many locations the two report on all pins."""

    rules: tuple[str, ...]
    note: str = ""
    compare: Literal["all", "fixable", "changed"] = "all"
    """What ruff reports without offering to fix it, a codemod may leave if this says `fixable`. With `changed` it may
    leave anything, and change nothing else: the rule covers far more than the pattern promises.
    """
    imports: Literal["compared", "aside"] = "compared"
    """`aside`: what a codemod changes in import statements follows from the rest."""
    locations: int
    differences: tuple[Difference, ...] = ()
    excess: str = ""
    """Why more locations differ than 2 % of all, where that can't be helped."""

    @property
    def is_within_limits(self) -> bool:
        """Whether as few locations differ as may."""
        locations = self.listed({pin for item in self.differences for pin in item.at})
        return len(locations) <= max(1, self.locations // 50)

    def listed(self, pins: Iterable[str]) -> set[tuple[str, str]]:
        """The differences in these pins: who reports, and where."""
        return {location for item in self.differences for location in item.locations(pins)}


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file of a pin. `name` begins with the pin's."""

    name: str
    path: Path

    @cached_property
    def text(self) -> str:
        """The file's text with the line ends that it has."""
        return _decoded(self.path.read_bytes())

    @cached_property
    def tree(self) -> ast.Module:
        """What Python reads in the text."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(self.text)

    @cached_property
    def nodes(self) -> Sequence[tuple[Span, ast.AST]]:
        """All nodes that stand somewhere, in the order of their starts, outer before inner."""
        found = [(self.span(node), node) for node in ast.walk(self.tree) if hasattr(node, "end_col_offset")]
        return sorted(found, key=lambda item: (item[0][0], [-number for number in item[0][1]]))

    @cached_property
    def _lines(self) -> Sequence[str]:
        return self.text.split("\n")

    def span(self, node: Any) -> Span:
        """Where a node is: Python's own columns count bytes."""
        return self._position(node.lineno, node.col_offset), self._position(node.end_lineno, node.end_col_offset)

    def _position(self, line: int, offset: int) -> Position:
        text = self._lines[line - 1]
        return line, (offset if text.isascii() else len(text.encode()[:offset].decode())) + 1

    def around(self, span: Span, *kinds: type[ast.AST]) -> Any:
        """The innermost node of these kinds that `span` lies in, or None."""
        last = bisect.bisect_right(self.nodes, span[0], key=lambda item: item[0][0])
        around = (node for (_, end), node in reversed(self.nodes[:last]) if isinstance(node, kinds) and span[1] <= end)
        return next(around, None)


@dataclass(frozen=True, kw_only=True)
class Location:
    """What ruff reports, and where its fix would change the file; or what only we change, without a rule."""

    source: Source
    span: Span
    rule: str = ""
    fixes: tuple[Span, ...] = ()

    @property
    def name(self) -> str:
        """How the location is listed, with the pin in front."""
        return _name(self.source, self.span[0])

    def around(self, *kinds: type[ast.AST]) -> Any:
        """The innermost node of these kinds that ruff's location lies in, or None."""
        return self.source.around(self.span, *kinds)

    def is_at(self, span: Span) -> bool:
        """Whether a change there, perhaps of nothing yet, is one of what ruff would change."""
        return any(start <= span[1] and span[0] <= end for start, end in (self.span, *self.fixes))

    def is_within(self, span: Span) -> bool:
        """Whether a change there is of all of it, as when a string with several types in it is another one."""
        return span[0] <= self.span[0] and self.span[1] <= span[1]

    def size(self) -> Position:
        """Smaller for the inner one of two locations."""
        return self.span[1][0] - self.span[0][0], self.span[1][1] - self.span[0][1]


@dataclass(kw_only=True)
class Comparison:
    """The result for one pattern: how many locations there are, and which of them only one side reports."""

    locations: int = 0
    only: set[tuple[str, str]] = field(default_factory=set)

    def problems(self, oracle: Oracle, pins: Sequence[str], *, is_all: bool) -> Iterator[str]:
        """All that is wrong with the pattern, or with the list of differences."""
        listed = oracle.listed(pins)
        for side, location in sorted(self.only - listed):
            yield f"not listed: only {side} reports {location}"
        for side, location in sorted(listed - self.only):
            yield f"listed, but it is not so that only {side} reports {location}"
        if not (oracle.is_within_limits or oracle.excess):
            yield f"more than 2 % of {oracle.locations} locations differ"
        if oracle.is_within_limits and oracle.excess:
            yield f"no more than 2 % of {oracle.locations} locations differ: `excess` has nothing to explain"
        if is_all and self.locations != oracle.locations:
            yield f"locations: is {self.locations}, not {oracle.locations}"


def compare_findings(found: Iterable[tuple[Source, Position]], locations: Sequence[Location]) -> Comparison:
    """A linter's findings against ruff's: the same are those that begin at the same character."""
    ours = {_name(source, position) for source, position in found}
    theirs = {location.name for location in locations}
    only = {("us", name) for name in ours - theirs} | {("ruff", name) for name in theirs - ours}
    return Comparison(locations=len(ours | theirs), only=only)


def compare_changes(
    oracle: Oracle, changed: Mapping[Source, Sequence[Span]], locations: Sequence[Location]
) -> Comparison:
    """A codemod's changes against the locations that ruff would change.

    A location is touched by a change in it that no smaller location lies around, and by one of all of it. A change that
    touches none is ours alone, unless ruff has a location in the same statement, for it may mark the first part only of
    what belongs together.
    """
    touched: set[Location] = set()
    alone: set[Location] = set()
    at: dict[Source, list[Location]] = {}
    for location in sorted(locations, key=Location.size):
        at.setdefault(location.source, []).append(location)
    for source, spans in changed.items():
        statements: dict[Any, Span] = {}
        here = at.get(source, ())
        for span in spans:
            innermost = next((location for location in here if location.is_at(span)), None)
            if innermost is not None:
                touched |= {innermost, *(location for location in here if location.is_within(span))}
            else:
                statements.setdefault(source.around(span, ast.stmt), span)
        marked = {location.around(ast.stmt) for location in here}
        if oracle.imports == "aside":
            marked |= {node for node in statements if isinstance(node, ast.Import | ast.ImportFrom)}
        alone |= {Location(source=source, span=span) for node, span in statements.items() if node not in marked}
    demanded = {"all": locations, "fixable": [location for location in locations if location.fixes], "changed": ()}
    wanted = set(demanded[oracle.compare])
    only = {("ruff", location.name) for location in wanted - touched} | {("us", location.name) for location in alone}
    return Comparison(locations=len(wanted | touched | alone), only=only)


_TOKEN = re.compile(
    r"""(?P<prefix>[rbuf]{0,2})(?:'{3}(?:\\.|[^\\])*?'{3}|"{3}(?:\\.|[^\\])*?"{3}|'(?:\\.|[^\\'\n])*'|"(?:\\.|[^\\"\n])*")"""
    r"""|\#[^\n]*|\w+|.""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)


def changed_spans(before: str, after: str) -> Sequence[Span]:
    """Which tokens of the lines of `before` that differ are others in `after`, and where some are added."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    offsets, position = _offsets(old), _Positions(before)
    spans: list[Span] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if tag != "equal":
            ours, theirs = (list(_TOKEN.finditer("".join(lines))) for lines in (old[i1:i2], new[j1:j2]))
            spans += [
                (position(offsets[i1] + start), position(offsets[i1] + end)) for start, end in _differing(ours, theirs)
            ]
    return spans


def _differing(old: Sequence[re.Match[str]], new: Sequence[re.Match[str]]) -> Iterator[tuple[int, int]]:
    pairs = [(one, other) for one, other in zip(old, new, strict=False) if one[0] != other[0]]
    if len(old) == len(new) and all(one[0][-1] in "\"'" and other[0][-1] in "\"'" for one, other in pairs):
        yield from (one.span() for one, _ in pairs)  # one string for another: long tables of them take difflib ages
        return
    matcher = difflib.SequenceMatcher(None, [token[0] for token in old], [token[0] for token in new], autojunk=False)
    for tag, i1, i2, _, _ in matcher.get_opcodes():
        if tag == "insert":
            location = old[i1 - 1].end() if i1 else 0
            yield location, location
        elif tag != "equal":
            yield from (token.span() for token in old[i1:i2] if not token[0].isspace())


def _offsets(lines: Sequence[str]) -> Sequence[int]:
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line))
    return offsets


class _Positions:
    """From offsets in a text to lines and columns."""

    def __init__(self, text: str) -> None:
        self._starts = _offsets([f"{line}\n" for line in text.split("\n")])

    def __call__(self, offset: int) -> Position:
        line = bisect.bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def _decoded(data: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return data.decode(encoding)


def _name(source: Source, position: Position) -> str:
    return f"{source.name}:{position[0]}:{position[1]}"


@dataclass(frozen=True, kw_only=True, repr=False)
class Pinned:
    """The pins' files, those that ruff can read, and what it reports in them."""

    roots: Mapping[str, Path]
    sources: Mapping[Path, Source]
    locations: Mapping[str, Sequence[Location]]
    """By rule."""


@pytest.fixture(scope="module")
def oracles() -> Mapping[str, Oracle]:
    """All files beside this one, by pattern."""
    return {path.stem: read_yaml(Oracle, path.read_text("utf-8"), path=path.name) for path in ORACLES}


@pytest.fixture(scope="module")
def pinned(tmp_path_factory: pytest.TempPathFactory, oracles: Mapping[str, Oracle]) -> Pinned:
    """The pins, and one run of ruff with the rules of all patterns."""
    roots = dict[str, Path]()
    folder = tmp_path_factory.mktemp("pins")
    for name, pin in stored(PINS).items():
        roots[name] = default_store().checkout(pin, folder / name).root
        unsilence(roots[name])
    return read_pins(roots, {rule for oracle in oracles.values() for rule in oracle.rules})


def unsilence(root: Path) -> None:
    """Make `# noqa` an ordinary comment in all files, and leave everything where it stands."""
    for path in root.rglob("*.py"):
        data = path.read_bytes()
        if data != (heard := re.sub(rb"(?i)\bnoqa\b", b"nope", data)):
            path.write_bytes(heard)


def read_pins(roots: Mapping[str, Path], rules: Iterable[str]) -> Pinned:
    """The files below the roots, and what one run of ruff says of them."""
    sources = {
        root / path: Source(name=f"{name}/{path}", path=root / path)
        for name, root in roots.items()
        for path in Workspace(root).select()
    }
    locations: dict[str, list[Location]] = {}
    for item in run_ruff(sources, rules):
        path, rule = Path(item["filename"]), item["code"]
        if rule in UNREADABLE:
            sources.pop(path, None)
        elif path in sources:
            fixes = tuple(_span(edit) for edit in (item["fix"] or {"edits": ()})["edits"])
            locations.setdefault(rule, []).append(
                Location(source=sources[path], rule=rule, span=_span(item), fixes=fixes)
            )
    return Pinned(roots=roots, sources=sources, locations=locations)


def run_ruff(paths: Iterable[Path], rules: Iterable[str]) -> Sequence[Any]:
    """What ruff reports as stable rules for the oldest Python that we run on, worst first."""
    options = ["--isolated", "--no-cache", "--exit-zero", "--target-version=py311"]
    select = f"--select=E902,{','.join(sorted(rules))}"
    command = [sys.executable, "-m", "ruff", "check", *options, select, "--output-format=json", *map(str, paths)]
    reports = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    return sorted(reports, key=lambda item: item["code"] not in UNREADABLE)


def _span(item: Any) -> Span:
    start, end = item["location"], item["end_location"]
    return (start["row"], start["column"]), (end["row"], end["column"])


@pytest.fixture(scope="module")
def worker() -> Iterator[WorkerHandle]:
    """One worker for all patterns."""
    with WorkerHandle() as worker:
        yield worker


def compare(pattern: Pattern, oracle: Oracle, pinned: Pinned, worker: WorkerHandle) -> Comparison:
    """Run the pattern over the pins, and hold what it does against what ruff reports there."""
    found: list[tuple[Source, Position]] = []
    changed: dict[Source, Sequence[Span]] = {}
    sources = dict(pinned.sources)
    for root in pinned.roots.values():

        def note(change: Change, root: Path = root) -> None:
            spans = changed_spans(_decoded(change.before), _decoded(change.after))
            changed[sources[root / change.path]] = spans

        paths = [path.relative_to(root).as_posix() for path in pinned.sources if path.is_relative_to(root)]
        report = apply(
            Workspace(root),
            [bind(pattern, {})],
            paths,
            workers=Workers(handles=[worker]),
            observer=Observer(on_edit=note),
            options=ApplyOptions(write=False, every_file=False),
        )
        for result in report.files:
            source = sources[root / result.path]
            if isinstance(result, Rejected):
                assert is_fact(result.reason, pattern=result.pattern), result
                del sources[root / result.path]
            elif isinstance(result, Found):
                found += [(source, (item.range.start_line, item.range.start_column)) for item in result.diagnostics]
    read = set(sources.values())
    locations = [
        location for rule in oracle.rules for location in pinned.locations.get(rule, ()) if location.source in read
    ]
    if pattern.kind == "linter":
        return compare_findings(found, locations)
    return compare_changes(oracle, changed, locations)


def test_each_pattern_has_an_oracle_or_a_reason_why_not(shipped: Library, oracles: Mapping[str, Oracle]) -> None:
    patterns = {pattern.id for pattern in shipped.patterns if pattern.kind != "template"}

    assert patterns == oracles.keys() | WITHOUT_ORACLE.keys()
    assert not oracles.keys() & WITHOUT_ORACLE.keys()


@pytest.mark.parametrize("name", [path.stem for path in ORACLES])
def test_a_pattern_agrees_with_its_oracle(
    name: str, shipped: Library, oracles: Mapping[str, Oracle], pinned: Pinned, worker: WorkerHandle
) -> None:
    comparison = compare(shipped.get(name), oracles[name], pinned, worker)

    problems = list(comparison.problems(oracles[name], PINS, is_all=ALL_PINS))
    assert not problems, "\n".join(problems)


def test_oracles_name_pins_that_there_are(oracles: Mapping[str, Oracle]) -> None:
    named = {pin for oracle in oracles.values() for item in oracle.differences for pin in item.at}

    assert named <= load_pins(ROOT).keys()


LISTED = Difference(only="ruff", reason="a reason", at={"click": ("a.py:1:1",)})
ELSEWHERE = Difference(only="us", reason="a reason", at={"Django": ("a.py:1:1", "a.py:2:1")})


@pytest.mark.parametrize(
    ("oracle", "only", "problems"),
    [
        ({"locations": 2}, set(), []),
        ({"locations": 2}, {("us", "click/a.py:1:1")}, ["not listed: only us reports click/a.py:1:1"]),
        ({"locations": 2, "differences": (LISTED,)}, {("ruff", "click/a.py:1:1")}, []),
        (
            {"locations": 2, "differences": (LISTED,)},
            set(),
            ["listed, but it is not so that only ruff reports click/a.py:1:1"],
        ),
        ({"locations": 2, "differences": (ELSEWHERE,)}, set(), ["more than 2 % of 2 locations differ"]),
        ({"locations": 3}, set(), ["locations: is 2, not 3"]),
        (
            {"locations": 2, "excess": "that's how it is"},
            set(),
            ["no more than 2 % of 2 locations differ: `excess` has nothing to explain"],
        ),
    ],
)
def test_a_wrong_comparison_lists_its_problems(
    oracle: dict[str, Any], only: set[tuple[str, str]], problems: list[str]
) -> None:
    comparison = Comparison(locations=2, only=only)
    assert list(comparison.problems(Oracle(rules=("X1",), **oracle), ["click"], is_all=True)) == problems

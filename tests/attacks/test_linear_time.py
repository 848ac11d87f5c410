"""Twice the input takes about twice the time, however hostile the input is."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pytest_orchestrator.codec.suggest import did_you_mean, limited
from pytest_orchestrator.config import load_settings
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.git.history import parse_log
from pytest_orchestrator.pattern_engine.channel import WireCall
from pytest_orchestrator.pattern_engine.host.workspace import Workspace
from pytest_orchestrator.pattern_engine.library.library import load_library, shipped_folder
from pytest_orchestrator.pattern_engine.pattern import bind
from pytest_orchestrator.pattern_engine.results import Rejected
from pytest_orchestrator.pattern_engine.worker.loading import load
from pytest_orchestrator.pattern_engine.worker.running.rewriting import revise
from pytest_orchestrator.pattern_engine.worker.running.source import Text
from pytest_orchestrator.spec_guard.coverage import globs
from pytest_orchestrator.spec_guard.coverage.snapshot import Snapshot
from pytest_orchestrator.spec_guard.document.links import dead_links
from pytest_orchestrator.spec_guard.document.spec import parse
from pytest_orchestrator.spec_guard.document.stamping import stamp
from pytest_orchestrator.spec_guard.document.weakening import find_weakenings
from pytest_orchestrator.spec_guard.reviews.history import History
from pytest_orchestrator.spec_guard.reviews.last_review import ReviewSources, find_last_reviews
from pytest_orchestrator.spec_guard.reviews.recording import with_date
from tests.cli.command_line import run
from tests.spec_guard.project import Project

Task = Callable[[int], object]

_ENOUGH_S, _LARGEST = 0.02, 1 << 20
_salts = itertools.count()


def _seconds(task: Task, size: int) -> float:
    """The least CPU time of three runs."""
    times = []
    for _ in range(3):
        start = time.process_time()
        task(size)
        times.append(time.process_time() - start)
    return min(times)


def assert_linear(task: Task) -> None:
    """Double the size until the time can be measured, then once more: the square would take four times as long."""
    size = 64
    while _seconds(task, size) < _ENOUGH_S and size < _LARGEST:
        size *= 2
    # Again where a busy machine disturbed it.
    ratios = (_seconds(task, 2 * size) / max(_seconds(task, size), _ENOUGH_S / 2) for _ in range(4))
    assert any(ratio < 3 for ratio in ratios)


def _links(body: str) -> object:
    head = "id: a\ntitle: T\nstatus: approved\nowners: [ann]\nlast_review: 2020-01-01\n"
    spec = parse(f"---\n{head}---\n{body}\n{next(_salts)} [x](#nowhere)\n".encode(), path="specs/a.md")
    assert not spec.problems
    suggest = limited(did_you_mean, at_most=3)
    return len(tuple(dead_links(spec, ids={"a"}, read=lambda _: None, suggest=suggest)))


def _varied(size: int) -> str:
    return "".join(chr(0x4E00 + number * 7919 % 5000) for number in range(size))


BODIES: dict[str, Callable[[int], str]] = {
    "tags": lambda size: "<a " * size,
    "tags with names": lambda size: "<a id " * size,
    "blanks in a heading": lambda size: "# a" + " " * size + "b",
    "brackets in a heading": lambda size: "# " + "[" * size,
    "links in a heading": lambda size: "# " + "[](" * size,
    "tags in a heading": lambda size: "# " + "<" * size,
    "headings and links": lambda size: "".join(f"# Title {n}\n\n[x](#title-{n})\n" for n in range(size)),
    "headings and dead links": lambda size: "".join(f"# Title {n}\n\n[x](#title{n})\n" for n in range(size)),
    "a link that does not end": lambda size: "[x](" + "a" * size,
    "blanks in a link": lambda size: "[x](" + " " * size,
    "pairs of brackets": lambda size: "[" + "[]" * size,
    "comments": lambda size: "<!---->" * size,
    "a link like a long heading": lambda size: f"# {_varied(size)}\n\n[x](#{_varied(size)[::-1]})",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_links_of_a_spec(body: Callable[[int], str]) -> None:
    assert_linear(lambda size: _links(body(size)))


@pytest.mark.parametrize("line", ["[", "[ ", " ["])
@pytest.mark.parametrize("blanks", [True, False], ids=["blanks", "repeated"])
def test_lines_of_pyproject(tmp_path: Path, line: str, blanks: bool) -> None:
    def load(size: int) -> object:
        text = line + " " * size if blanks else line * (size // len(line))
        settings = "[tool.pytest_orchestrator.spec_guard]\nwarn_days = 3\n"
        (tmp_path / "pyproject.toml").write_text(f"x = '''\n{text}\n'''\n{settings}")
        return load_settings(tmp_path)

    assert_linear(load)


@pytest.mark.parametrize(("first", "repeated"), [("", "a[!"), ("", "["), ("{", ",")])
def test_globs(first: str, repeated: str) -> None:
    def match(size: int) -> object:
        text = f"{first}{repeated * size}{next(_salts)}"
        return globs.problem(text), globs.matches("a/b", [text])

    assert_linear(match)


def test_globs_of_a_workspace(tmp_path: Path) -> None:
    (tmp_path / ("a/" * 40)).mkdir(parents=True)
    (tmp_path / ("a/" * 40) / "a.py").touch()

    def select(size: int) -> None:
        with pytest.raises(InputError, match=r"matches no Python file|is longer than any path"):
            Workspace(tmp_path).select(["**/" * size + f"{next(_salts)}*.py"])

    assert_linear(select)


def test_reviews_by_one_author_on_one_day(tmp_path: Path) -> None:
    def find(size: int) -> object:
        head = "id: s{0}\ntitle: T\nstatus: approved\nowners: [ann]\nlast_review: 2020-11-10\n"
        specs = [
            parse(f"---\n{head.format(number)}---\n".encode(), path=f"specs/{number}.md") for number in range(size)
        ]
        log = "".join(
            f"\0\x01{number:040x}\x02{number + 1:040x}\x021604966400 +0000\x021604966400 +0000\x02a@b\x02\0\n"
            f":000000 100644 {0:040} {1:040} A\0{spec.path}\0"
            for number, spec in enumerate(specs)
        )
        sources = ReviewSources(
            history=History(parse_log(log.encode())),
            snapshot=Snapshot(tmp_path, files=(), dirty=()),
            records={},
            today=date(2020, 11, 20),
            fetch=lambda _: {},
        )
        reviews = find_last_reviews(specs, sources)
        assert {review.code_position for review in reviews.values()} == {0}
        return reviews

    assert_linear(find)


def test_date_of_a_review() -> None:
    assert_linear(lambda size: with_date(f"---\nlast_review: {' ' * size}\rx\n---\n".encode(), date.max, path="a.md"))


def test_heading_of_a_stamped_file() -> None:
    assert_linear(lambda size: stamp(f"# a{' ' * size}b".encode(), path="a.md", last_review=date.max, owners=("ann",)))


def test_heading_above_requirements() -> None:
    assert_linear(lambda size: find_weakenings(f"# a{' ' * size}b", "# a"))


def test_differences_of_a_spec_with_many_folders_in_its_globs(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("a/" * 40 + "b", "")
    project.spec("a", [f"{'**/' * 10}x", "a/"])
    project.commit()
    project.write("a/" * 40 + "b", "changed")
    project.write("pyproject.toml", '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs"]\n')
    done = run(project.root, "spec", "review", "specs", "--by", "ann", "--diff", "--today", "2020-11-20", input="n\n")
    assert "+changed" in done.stdout


@pytest.mark.parametrize("argument", ["a{0}", "a{0}[0]", "a.b{0}", "f(a{0})"])
def test_fields_of_a_format(argument: str) -> None:
    pattern = load_library([shipped_folder()]).get("str-format-to-fstring")
    loaded = load(WireCall.of(bind(pattern, {})))

    def convert(size: int) -> None:
        arguments = ", ".join(argument.format(number) for number in range(size))
        revise(Text(path="a.py", data=f"x = '{'{}' * size}'.format({arguments})\n".encode()), loaded, root=Path("/"))

    assert_linear(convert)


@pytest.mark.parametrize("text", ['x = {}u"a"\n', 'x = ({}u"a")\n'], ids=["line", "lines"])
def test_sums_of_strings(text: str) -> None:
    pattern = load_library([shipped_folder()]).get("native-string-prefix")
    loaded = load(WireCall.of(bind(pattern, {})))
    plus = 'u"a" + ' if text.startswith("x = {") else 'u"a" +\n'

    def convert(size: int) -> None:
        found = revise(Text(path="a.py", data=text.format(plus * (1_600 + size)).encode()), loaded, root=Path("/"))
        assert isinstance(found, Rejected)
        assert found.message == "is nested too deeply for LibCST"

    assert_linear(convert)

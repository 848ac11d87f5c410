"""The library's codemods together, against running each of them on the whole file again and again, byte for byte."""

from __future__ import annotations

import sysconfig
from functools import partial
from pathlib import Path

import pytest

from pytest_orchestrator.fixture_store.lock import load_pins
from pytest_orchestrator.fixture_store.store import default_store
from pytest_orchestrator.pattern_engine.channel import WireCall
from pytest_orchestrator.pattern_engine.library.library import library_folders, load_library
from pytest_orchestrator.pattern_engine.library.order import in_order
from pytest_orchestrator.pattern_engine.pattern import bind
from pytest_orchestrator.pattern_engine.results import Rejected
from pytest_orchestrator.pattern_engine.worker.loading import load
from pytest_orchestrator.pattern_engine.worker.running.chain import MAX_ROUNDS, Broken, Link, run_chain
from pytest_orchestrator.pattern_engine.worker.running.rewriting import revise, rewrite
from pytest_orchestrator.pattern_engine.worker.running.source import Text, parse
from pytest_orchestrator.pattern_engine.worker.visiting.construction import LoadedPattern
from tests.pins import ALL_PINS, ROOT

STANDARD_LIBRARY = ("calendar.py", "netrc.py", "pprint.py")
MADE_UP = b"""\
class Shout(object):
    def say(self, what):
        return super(Shout, self).say("%s" % (what,)) + "%s %s" % (super(Shout, self).name, what.upper())


class Outer(object):
    class Inner(object): name = "%s" % (super(Outer.Inner, Outer).name,)
"""


@pytest.fixture(scope="module")
def codemods() -> list[LoadedPattern]:
    """All that the library holds, in their order."""
    chosen = [bind(item, {}) for item in load_library(library_folders(ROOT)).patterns if item.kind == "codemod"]
    return [load(WireCall.of(call)) for call in in_order(chosen)]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, str]]:
    """Real code: some of the standard library, and the pins that are in the store."""
    library, made_up = Path(sysconfig.get_path("stdlib")), tmp_path_factory.mktemp("made-up")
    (made_up / "shout.py").write_bytes(MADE_UP)
    found = [(made_up, "shout.py"), *((library, name) for name in STANDARD_LIBRARY)]
    pins, store = load_pins(ROOT), default_store()
    for name in sorted(pins) if ALL_PINS else ["itsdangerous"]:
        if store.has(pins[name]):
            root = store.checkout(pins[name], tmp_path_factory.mktemp("pins") / name).root
            found += [(root, path.relative_to(root).as_posix()) for path in sorted(root.rglob("*.py"))]
    return found


def plainly(codemods: list[LoadedPattern], root: Path, source: Text) -> bytes | None:
    """The file after as many rounds of all codemods as it takes; None when one fails or there is no end to it."""
    for _ in range(MAX_ROUNDS):
        before = source
        for codemod in codemods:
            result = rewrite(source, codemod, root=root)
            if isinstance(result, Rejected):
                return None
            source = result
        if source is before:
            return source.data
    return None


def together(codemods: list[LoadedPattern], root: Path, path: str, data: bytes) -> bytes | None:
    """What the engine makes of the file."""

    def turn(codemod: LoadedPattern, text: Text) -> Text | Rejected:
        return revise(text, codemod, root=root)

    links = [
        Link(index=number, id=codemod.id, trigger=codemod.trigger, revise=partial(turn, codemod))
        for number, codemod in enumerate(codemods)
    ]
    result = run_chain(Text(path=path, data=data), links)
    return None if isinstance(result, Broken) else result.text.data


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
def test_the_codemods_together_come_to_where_plain_rounds_end(
    codemods: list[LoadedPattern], files: list[tuple[Path, str]]
) -> None:
    disagreements, changed = [], 0
    for root, path in files:
        data = (root / path).read_bytes()
        source = parse(path, data)
        if isinstance(source, Rejected):
            continue
        wanted = plainly(codemods, root, source)
        changed += wanted not in (None, data)
        if together(codemods, root, path, data) != wanted:
            disagreements.append(path)
    assert disagreements == []
    assert changed >= len(STANDARD_LIBRARY)

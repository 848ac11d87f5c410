"""The engine's short cuts against LibCST itself, run on whole files in its own plain way, byte for byte.

The standard library and the small pins in the fixture store are the real code. Each pattern is tried on a part of the
small pins' files, another part for each pattern. With `PYTEST_ORCHESTRATOR_TEST_PINS=all` it is tried on all files of
all pins.
"""

from __future__ import annotations

import dataclasses
import sysconfig
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path

import libcst as cst
import pytest
from libcst.codemod import CodemodCommand

from pytest_orchestrator.api.patterns import Linter
from pytest_orchestrator.fixture_store.lock import load_pins
from pytest_orchestrator.pattern_engine.channel import WireCall
from pytest_orchestrator.pattern_engine.foreign.known_triggers import KNOWN_TRIGGERS
from pytest_orchestrator.pattern_engine.library.library import library_folders, load_library
from pytest_orchestrator.pattern_engine.pattern import bind
from pytest_orchestrator.pattern_engine.results import Rejected
from pytest_orchestrator.pattern_engine.trigger import Trigger
from pytest_orchestrator.pattern_engine.worker.loading import load
from pytest_orchestrator.pattern_engine.worker.running.linting import LintedText
from pytest_orchestrator.pattern_engine.worker.running.rewriting import revise
from pytest_orchestrator.pattern_engine.worker.running.source import Text
from pytest_orchestrator.pattern_engine.worker.visiting.construction import LoadedPattern
from pytest_orchestrator.python_syntax import is_valid_python
from tests.pattern_engine.peers import OTHER_PINS, Plain, files_of
from tests.pins import ALL_PINS, ROOT, SMALL_PINS

LIBRARY = load_library(library_folders(ROOT))
NAMES = [pattern.id for pattern in LIBRARY.patterns if pattern.kind != "template"]
STOCK_NAMES = [name for name in KNOWN_TRIGGERS if name.startswith("libcst.")]
STANDARD_LIBRARY = ("calendar.py", "netrc.py", "pprint.py") if ALL_PINS else ("netrc.py", "shelve.py")
FILES_AT_ONCE = 50
# Unless all pins are asked for, a pattern is tried on one file of a pin in so many.
PART = 1 if ALL_PINS else 8

MADE_UP = {
    "nothing": b"",
    "a comment alone": b'# "%s" % a\n',
    "a format in a header": b'if "%s" % a:\n    pass\nelif "%s" % b:\n    x = "%s" % c\nelse:\n    y = "%s" % d\n',
    "a format in an inline suite": b'if a: x = "%s" % a\n',
    "formats that share a line": b'a = 1; b = "%s" % c; d = ["%s" % e,\n     2]; f = 3\n',
    "a decorated function": b'@d("%s" % a)\ndef f():\n    # "x" % y\n    return "%s" % b\n    # "x" % y\n\nx = 1\n',
    "a comment between": b'x = ("%s"  # one\n     # two\n     % y)\n',
    "comments before and after": b'def f():\n    # it\'s "%s"\n    a = 1\n\n    # 5" %\nx = "%s" % a',
    "a try statement": b"""try:
    a = "%s" % 1
except A:
    b = "%s" % 2
except B:
    c = "%s" % 3
else:
    d = "%s" % 4
finally:
    e = "%s" % 5
match a:
    case 6: f = "%s" % 7
    case 8:
        g = "%s" % 9
    case 10:
        h = "%s" % 11
""",
    "tabs": b'class A:\n\tdef f(self):\n\t\treturn "%s" % self\n',
    "carriage returns": b'def f():\r\n    return "%s" % a\r\n',
    "two kinds of line ends": b'def f():\r\n    return "%s" % a\n',
    "a byte order mark": b'\xef\xbb\xbfx = "%s" % a\n',
    "no newline at the end": b'def f():\n    return "%s" % a',
    "a form feed": b'x = "%s" % a\n\x0c\ny = "%s" % a\n',
    "form feeds alone": b'class A(object):\n    b = "%s" % 1\n\x0c\n    def f(a):\n\x0c\n        return "%s" % a\n',
    "form feeds behind code": b'x = "%s" % a\ny = "%s" % a  # \x0c\n',
    "form feeds in lines of comments": b'# \x0c\nx = "%s" % a\nif a:\n    #\x0c\n    y = "%s" % a\n# \x0c\n',
    "a form feed in a string": b'x = """\n\x0c\n%s""" % a\ny = "%s" % b\n',
    "a form feed in a header": b'if ("%s"\n\x0c\n    % a):\n    y = "%s" % b\n',
    "a form feed before the indentation": b'if a:\n\x0c    x = "%s" % a\n',
    "form feeds at both ends": b'\x0c\nx = "%s" % a\n\x0c\n',
    "a form feed at the end": b'\nx = "%s" % a\n\x0c\n',
    "a form feed in carriage returns": b'x = "%s" % a\r\n\x0c\r\ny = "%s" % a\r\n',
    "a line that goes on": b'x = 1 + \\\n    2; y = "%s" % a\nz = \\\n    "%s" % a\n',
    "latin-1": b'# coding: latin-1\nx = "\xe9%s" % a\n',
    "a string over lines": b'x = """\n#:slice 0:#\n%s""" % a\ny = """\n%s\n""" % b\n',
    "an f-string in a header": b'if f"""\n# {"%s" % x}\n""":\n    pass\n',
    "blanks at the end": b'x = "%s" % a\n   \n',
    "not Python": b'print "%s" % a\n',
    "an unused f": b'x = f"a"\ny = rf"b"\n',
}


def parts_of_pins() -> Iterator[object]:
    """Pins, the large ones in parts that can be run side by side."""
    pins = load_pins(ROOT)
    for name in (*SMALL_PINS, *OTHER_PINS):
        parts = 1 + pins[name].python_files // FILES_AT_ONCE
        yield from (pytest.param(name, slice(part, None, parts), id=f"{name}-{part}") for part in range(parts))


def loaded(name: str) -> LoadedPattern:
    pattern = LIBRARY.get(name)
    return load(WireCall.of(bind(pattern, {})))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pins are laid out, once for all tests of a process."""
    return tmp_path_factory.mktemp("pins")


@cache
def standard_library() -> Sequence[Plain]:
    """Parsed once for all patterns."""
    folder = Path(sysconfig.get_path("stdlib"))
    return [Plain(root=folder, path=name, data=(folder / name).read_bytes()) for name in STANDARD_LIBRARY]


@cache
def made_up(path: str, data: bytes) -> Plain:
    return Plain(root=Path("/"), path=path, data=data)


def disagreements(patterns: Sequence[LoadedPattern], file: Plain) -> list[str]:
    """The patterns with which the engine and plain LibCST don't come to the same result."""
    text = Text(path=file.path, data=file.data)
    linters = [item for item in patterns if issubclass(item.entry_class, Linter) and text.may_match(item.trigger)]
    together = LintedText(text, linters)
    return [
        pattern.id
        for pattern in patterns
        if not (
            same_findings(pattern, file, together if pattern in linters else None)
            if issubclass(pattern.entry_class, Linter)
            else same_bytes(pattern, file, text)
        )
    ]


def same_bytes(pattern: LoadedPattern, file: Plain, text: Text) -> bool:
    ours = revise(text, pattern, root=file.root)
    if file.module is None:  # LibCST can't give the file back: it is left alone, with or without a message
        return isinstance(ours, Rejected) or ours.data == file.data
    assert issubclass(pattern.entry_class, CodemodCommand)
    theirs = file.revised(pattern.entry_class, pattern.parameters)
    if isinstance(theirs, Exception):
        return isinstance(ours, Rejected)
    if theirs != file.data and not is_valid_python(theirs) and is_valid_python(file.data):
        return isinstance(ours, Rejected)  # what LibCST would write is no Python any more
    return not isinstance(ours, Rejected) and ours.data == theirs


def same_findings(pattern: LoadedPattern, file: Plain, together: LintedText | None) -> bool:
    found = together.lint(pattern) if together is not None else ()
    if isinstance(found, Rejected):
        return file.module is None and not found.pattern
    return [(item.range, item.message) for item in found] == file.findings(pattern.linter())


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("name", [*NAMES, *STOCK_NAMES])
def test_short_cuts_change_no_byte_of_any_result(name: str) -> None:
    pattern = loaded(name)
    assert [file.path for file in standard_library() if disagreements([pattern], file)] == []
    assert [message for message, data in MADE_UP.items() if disagreements([pattern], made_up("made_up.py", data))] == []


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize(("pin", "part"), list(parts_of_pins()))
def test_the_library_together_changes_no_byte_of_any_result(pin: str, part: slice, folder: Path) -> None:
    patterns = [loaded(name) for name in NAMES]
    files = enumerate(islice(files_of(pin, folder), part.start, None, part.step))
    found = {file.path: disagreements(patterns[number % PART :: PART], file) for number, file in files}
    assert found
    assert {path: names for path, names in found.items() if names} == {}


PERCENT = "libcst.codemod.commands.convert_percent_format_to_fstring.ConvertPercentFormatStringCommand"
UNUSED = "libcst.codemod.commands.remove_unused_imports.RemoveUnusedImportsCommand"


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        (PERCENT, Trigger(text=(r"'(?:\s|\))*%",))),  # forgets double quotes
        (PERCENT, Trigger(text=("%",), nodes=("Add",), within="statement")),
        ("no-object-base", Trigger(text=(r"class\s+[A-Z]+\(object\)",))),
        ("super-no-args", Trigger(text=(r"\bsuper\b\s",))),
        (UNUSED, Trigger(text=(r"\bimport\b",), within="statement")),  # whether one is used other statements tell
        ("mutable-default-argument", Trigger(nodes=("Lambda",))),
    ],
)
def test_a_wrong_trigger_is_caught(name: str, wrong: Trigger) -> None:
    samples = {
        "percent.py": b'x = "%s" % a\n',
        "base.py": b"class Base(object):\n    pass\n",
        "calls.py": b"class Base:\n    def f(self):\n        super(Base, self).f()\n",
        "default.py": b"def f(a=[]):\n    pass\n",
        "imports.py": b"import a\n\nprint(a)\n",
    }
    files = [made_up(path, data) for path, data in samples.items()]
    right = loaded(name)
    false = dataclasses.replace(right, trigger=wrong)
    assert not any(disagreements([right], file) for file in files)
    assert any(disagreements([false], file) for file in files)


def test_formats_in_small_statements_are_changed_without_parsing_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    parse = cst.parse_module

    def note(source: str) -> cst.Module:
        parsed.append(source)
        return parse(source)

    monkeypatch.setattr(cst, "parse_module", note)
    text = Text(path="a.py", data=b"def f():\n" + b"    a = 1\n" * 100 + b'    return "%s" % b\n')
    revised = revise(text, loaded(PERCENT), root=Path("/"))
    assert isinstance(revised, Text)
    assert revised.data == text.data.replace(b'"%s" % b', b'f"{b}"')
    assert len(parsed) == 1
    assert len(parsed[0]) < 100

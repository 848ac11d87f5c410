"""The engine's short cuts against LibCST itself, run on whole files in its own plain way, byte for byte.

The standard library and what is in the fixture store are the real code. With `PYTEST_ORCHESTRATOR_TEST_PINS=all` every
pin that is in the store is used, otherwise the smallest one.
"""

from __future__ import annotations

import ast
import dataclasses
import os
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path

import libcst as cst
import pytest
from libcst.codemod import CodemodCommand, CodemodContext, SkipFile
from libcst.helpers import calculate_module_and_package

from pytest_orchestrator.fixture_store.lock import load_pins
from pytest_orchestrator.fixture_store.store import default_store
from pytest_orchestrator.pattern_engine.adopted.stock import stock_names
from pytest_orchestrator.pattern_engine.channel import WireCall
from pytest_orchestrator.pattern_engine.library import library_folders, load_library
from pytest_orchestrator.pattern_engine.linter import Linter
from pytest_orchestrator.pattern_engine.linting import LintedText
from pytest_orchestrator.pattern_engine.loading import load
from pytest_orchestrator.pattern_engine.pattern import bind
from pytest_orchestrator.pattern_engine.results import Rejected
from pytest_orchestrator.pattern_engine.rewriting import Text, revise
from pytest_orchestrator.pattern_engine.transform import LoadedPattern
from pytest_orchestrator.pattern_engine.trigger import Trigger

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = load_library(library_folders(ROOT))
NAMES = [pattern.id for pattern in LIBRARY.patterns if pattern.kind != "template"]
ALL_PINS = os.environ.get("PYTEST_ORCHESTRATOR_TEST_PINS") == "all"
PINS = sorted(load_pins(ROOT)) if ALL_PINS else ["itsdangerous"]
STANDARD_LIBRARY = ("calendar.py", "gettext.py", "logging/config.py", "netrc.py", "optparse.py", "pprint.py")

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
    "a line that goes on": b'x = 1 + \\\n    2; y = "%s" % a\nz = \\\n    "%s" % a\n',
    "latin-1": b'# coding: latin-1\nx = "\xe9%s" % a\n',
    "a string over lines": b'x = """\n#:slice 0:#\n%s""" % a\ny = """\n%s\n""" % b\n',
    "an f-string in a header": b'if f"""\n# {"%s" % x}\n""":\n    pass\n',
    "blanks at the end": b'x = "%s" % a\n   \n',
    "not Python": b'print "%s" % a\n',
    "an unused f": b'x = f"a"\ny = rf"b"\n',
}


def loaded(name: str) -> LoadedPattern:
    pattern = LIBRARY.get(name)
    return load(WireCall.of(bind(pattern, {})))


def standard_library() -> Iterator[tuple[Path, str]]:
    folder = Path(sysconfig.get_path("stdlib"))
    yield from ((folder, name) for name in STANDARD_LIBRARY)


@pytest.fixture(scope="module")
def pinned(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, str]]:
    pins, store = load_pins(ROOT), default_store()
    found: list[tuple[Path, str]] = []
    for name in PINS:
        if store.has(pins[name]):
            root = store.checkout(pins[name], tmp_path_factory.mktemp("pins") / name).root
            found += [(root, path.relative_to(root).as_posix()) for path in sorted(root.rglob("*.py"))]
    return found


def disagreements(pattern: LoadedPattern, files: Sequence[tuple[Path, str]]) -> list[str]:
    """The files on which the engine and plain LibCST don't come to the same result."""
    return [path for root, path in files if not agrees(pattern, root, path, (root / path).read_bytes())]


def agrees(pattern: LoadedPattern, root: Path, path: str, data: bytes) -> bool:
    module = whole(data)
    if issubclass(pattern.entry_class, Linter):
        return linted(pattern, path, data) == (() if module is None else plainly_linted(pattern, module))
    ours = revise(Text(path=path, data=data), pattern, root=root)
    if module is None:  # LibCST can't give the file back: it is left alone, said so or not
        return isinstance(ours, Rejected) or ours.data == data
    theirs = plainly_revised(pattern, root, path, module)
    if isinstance(ours, Rejected):
        return theirs is None
    return ours.data == theirs


def whole(data: bytes) -> cst.Module | None:
    try:
        module = cst.parse_module(data)
    except (cst.ParserSyntaxError, UnicodeDecodeError):
        return None
    return module if module.bytes == data else None


def plainly_revised(pattern: LoadedPattern, root: Path, path: str, module: cst.Module) -> bytes | None:
    """What LibCST's own command line would write; None where it fails, or what it would write is not Python."""
    names = calculate_module_and_package(root, root / path)
    context = CodemodContext(filename=str(root / path), full_module_name=names.name, full_package_name=names.package)
    assert issubclass(pattern.entry_class, CodemodCommand)
    try:
        revised = pattern.entry_class(context, **pattern.parameters).transform_module(module).bytes
    except SkipFile:
        return module.bytes
    except Exception:
        return None
    try:
        ast.parse(revised)
    except (SyntaxError, ValueError):
        return None if is_python(module.bytes) else revised
    return revised


def is_python(data: bytes) -> bool:
    try:
        ast.parse(data)
    except (SyntaxError, ValueError):
        return False
    return True


def linted(pattern: LoadedPattern, path: str, data: bytes) -> object:
    text = Text(path=path, data=data)
    if not text.may_match(pattern.trigger):
        return ()
    found = LintedText(text, [pattern]).lint(pattern)
    if isinstance(found, Rejected) and not found.pattern:
        return ()
    assert not isinstance(found, Rejected), found.message
    return tuple((item.range, item.message) for item in found)


def plainly_linted(pattern: LoadedPattern, module: cst.Module) -> object:
    linter = pattern.linter()
    cst.MetadataWrapper(module).visit_batched([linter])
    return tuple((item.range, item.message) for item in sorted(set(linter.findings)))


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("name", [*NAMES, *stock_names()])
def test_short_cuts_change_no_byte_of_any_result(name: str, pinned: list[tuple[Path, str]]) -> None:
    pattern = loaded(name)
    assert disagreements(pattern, [*standard_library(), *pinned]) == []
    assert [said for said, data in MADE_UP.items() if not agrees(pattern, Path("/"), "made_up.py", data)] == []


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
    right = loaded(name)
    false = dataclasses.replace(right, trigger=wrong)
    assert all(agrees(right, Path("/"), path, data) for path, data in samples.items())
    assert not all(agrees(false, Path("/"), path, data) for path, data in samples.items())


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

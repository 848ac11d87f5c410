"""Digests that tell what code says from how it is written."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_orchestrator.spec_guard.coverage.meaning import file_digest
from pytest_orchestrator.spec_guard.coverage.syntax import find_symbol, parse_python, symbol_digest, text_digest

_CODE = b'''
class Cache(dict, metaclass=type):
    """Words."""

    limit: int = 10

    @property
    def size(self) -> int:
        return len(self) + 1_000

async def load(*names: str, deep=True, **rest):
    """Only words."""

def run():
    async with a as b, c:
        yield [x async for x in y if x is not None]
    print(f"{limit!r:>{width}} left", 'a' "b", 0x10, 1e3, b"z", ...)
'''


def _digest(code: bytes) -> str:
    return file_digest(code, "a.py")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'"""Words."""', b'"""Other words."""'),
        (b"    limit: int = 10\n", b"    limit: int = 10  # a comment\n\n\n"),
        (b"len(self) + 1_000", b"(\n        len(self)\n        + 1000\n    )"),
        (b"'a' \"b\"", b"'ab'"),
        (b"\n", b"\r\n"),
        (b'    """Only words."""', b"    pass"),
    ],
)
def test_how_it_is_written_does_not_count(before: bytes, after: bytes) -> None:
    assert before in _CODE
    assert _digest(_CODE.replace(before, after)) == _digest(_CODE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"limit: int = 10", b"limit: int = 11"),
        (b"limit: int = 10", b"limit: float = 10"),
        (b"limit: int = 10", b"limit: int = 10.0"),
        (b"limit: int = 10", b"limit: int = '10'"),
        (b"    @property\n", b""),
        (b"deep=True", b"deep=1"),
        (b"*names: str", b"names: str"),
        (b"async def load", b"def load"),
        (b'b"z"', b"'z'"),
        (b"is not None", b"is None"),
        (b"!r", b"!s"),
    ],
)
def test_what_runs_counts(before: bytes, after: bytes) -> None:
    assert before in _CODE
    assert _digest(_CODE.replace(before, after)) != _digest(_CODE)


def test_digest_is_the_same_for_every_python() -> None:
    """It stays in a repository, so it must not depend on who computes it."""
    assert _digest(_CODE) == "python:0e0ee42af52e6e1fb19e10454b715fa7"
    other = (
        "import sys; from pytest_orchestrator.spec_guard.coverage.meaning import file_digest\n"
        "print(file_digest(sys.stdin.buffer.read(), 'a.py'))"
    )
    result = subprocess.run([sys.executable, "-O", "-c", other], input=_CODE, capture_output=True, check=True)
    assert result.stdout.decode().strip() == _digest(_CODE)


def test_unparsable_code_is_compared_by_its_bytes() -> None:
    assert _digest(b"def (:\n") != _digest(b"def   (:\n")
    assert _digest(b"def (:\n").startswith("bytes:")


def test_symbols_are_found_wherever_they_are_defined() -> None:
    tree = parse_python(
        b"import sys\nif sys.version_info > (3,):\n    def f(): return 1\nelse:\n    def f(): return 2\n"
        b"try:\n    X = 1\nexcept E:\n    X: int = 2\nclass A:\n    class B:\n        def c(self): pass\n"
    )
    assert tree is not None
    assert [len(find_symbol(tree, name)) for name in ("f", "X", "A.B.c", "A.c", "g", "A")] == [2, 2, 1, 0, 0, 1]
    one, two = find_symbol(tree, "f")
    assert symbol_digest((one,)) != symbol_digest((two,))


def test_source_that_nests_deeply_is_no_trouble() -> None:
    assert _digest(b"x = " + b"(" * 5_000 + b")" * 5_000).startswith("bytes:")
    assert _digest(b"x = " + b"+".join([b"1"] * 3_000))


@given(st.text())
def test_any_text_has_a_digest(text: str) -> None:
    assert text_digest(text) == text_digest(f"  {text}\n\n")
    file_digest(text.encode("utf-8", "surrogatepass"), "a.py")

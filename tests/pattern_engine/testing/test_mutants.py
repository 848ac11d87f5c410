from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.pattern_engine.pattern import read_pattern
from pytest_orchestrator.pattern_engine.testing.mutants import Mutants, find_mutants

Write = Callable[..., Path]
Find = Callable[[str], Mutants]


@pytest.fixture
def find(tmp_path: Path, write_pattern: Write) -> Find:
    """The mutants of a pattern with this code."""

    def mutants(code: str) -> Mutants:
        return find_mutants(read_pattern(write_pattern(tmp_path, "one", code=code)))

    return mutants


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("x = a == b\n", {"x = a != b"}),
        ("x = a < b <= c\n", {"x = a <= b <= c", "x = a < b < c"}),
        ("x = a not in b\n", {"x = a in b"}),
        ("x = a and b\n", {"x = (a or b)", "x = a", "x = b"}),
        ("x = a or b or c\n", {"x = (a or b and c)", "x = (a or b)", "x = (a and b) or c", "x = a or c", "x = b or c"}),
        ("x = a or ''\n", set()),
        ("x = not a\n", {"x = a"}),
        ("x = not a == b\n", {"x = (a == b)", "x = not a != b"}),
        ("if a:\n    pass\n", {"if not a:"}),
        ("while a < 1:\n    pass\n", {"while not (a < 1):", "while a <= 1:", "while a < 2:"}),
        ("if a is b:\n    pass\n", {"if a is not b:"}),
        ("x = [a for a in b if a]\n", {"x = [a for a in b if not a]"}),
        ("x = True\n", {"x = False"}),
        ("x = 'a', b''\n", {"x = '', b''", "x = 'a', b'mutant'"}),
        ("x = a + b\n", {"x = a - b"}),
        ("x = a | b\n", {"x = a", "x = b"}),
        ("f(a, b, c=1)\n", {"pass", "f(a, b)", "f(a, b, c=2)"}),
        ("f(a, b)\n", {"pass", "f(a)"}),
        ("f(*a, *b)\n", {"pass"}),
        ("x = isinstance(a, A)\n", set()),
        ("def f():\n    if a: return 1\n    return b\n", {"if not a: return 1", "if a: return 2", "pass"}),
        ("for a in b:\n    continue\n", {"pass"}),
        ("a.b = c\n", {"pass"}),
        ("a = c\n", set()),
        ("a += c\n", {"pass"}),
        ("raise Error('why', 1)\n", {"pass"}),
        (
            "match a:\n    case A(b=1, c=C()):\n        pass\n",
            {"case A(b=2, c=C()):", "case A(c=C()):", "case A(b=1):"},
        ),
        ("match a:\n    case A() | B():\n        pass\n", {"case A():", "case B():"}),
        (
            "match a:\n    case A() | B() | C():\n        pass\n",
            {"case A() | B():", "case B() | C():", "case A() | C():"},
        ),
        ("match a:\n    case A() if b:\n        pass\n", {"case A() if not b:"}),
        ("x = f'{a + b} said'\n", {"x = f'{a - b} said'"}),
    ],
)
def test_a_mutant_changes_one_expression(find: Find, code: str, changed: set[str]) -> None:
    found = find(code).mutants
    assert {line[2:] for mutant in found for line in mutant.diff.splitlines() if line.startswith("+")} == changed
    assert all(re.match("add (?:a|one) case", mutant.advice) for mutant in found)


@pytest.mark.parametrize(
    "code",
    [
        '"""Text."""\n',
        "import a\nfrom a import b\n",
        "class A:\n    'Text.'\n    DESCRIPTION = 'words' + 'words'\n    METADATA_DEPENDENCIES = (a or b,)\n",
        "def f(a: 'A', b: A | None) -> A | B: ...\n",
        "x: Literal['a'] = y\n",
        "@cache(maxsize=1)\ndef f(): ...\n",
        "assert a == 1, 'words'\n",
        "if TYPE_CHECKING:\n    x = 1\n",
        "x = self.report(node, f'{a or b}', 1)\n",
        "A = Callable[[B], C | None]\n",
    ],
)
def test_docstrings_and_messages_are_not_mutated(find: Find, code: str) -> None:
    assert find(code) == Mutants(mutants=(), marked=0)


def test_a_mark_keeps_its_line_or_the_statement_that_begins_there(find: Find) -> None:
    code = """\
x = a == 1  # no mutate: nobody sees it
y = {  # no mutate: they are all the same
    'a',
    'b',
}
z = 1
"""
    found = find(code)
    assert [(mutant.line, mutant.change) for mutant in found.mutants] == [(6, "constant changed")]
    assert found.marked == 4


@pytest.mark.parametrize("mark", ["# no mutate", "# no mutate:", "# no mutate  :  "])
def test_a_mark_without_a_reason_is_an_error(find: Find, mark: str) -> None:
    with pytest.raises(InputError, match="has no reason") as raised:
        find(f"x = 1\ny = 2  {mark}\n")
    assert (raised.value.path, raised.value.line) == ("one/pattern.py", 2)


def test_code_that_is_no_python_is_an_error_with_its_line(find: Find) -> None:
    with pytest.raises(InputError, match="not valid Python") as raised:
        find("x = 1\ny = (\n")
    assert raised.value.path == "one/pattern.py"


def test_each_mutant_is_the_whole_file_with_its_line(tmp_path: Path, write_pattern: Write) -> None:
    code = "# top\n\nx = 1\n\n\ndef f():\n    # inside\n    return (a\n        and b)\n# end"
    files = {"names.py": "x = 1\n", "cases/a/before.py": "x = 1\n"}
    found = find_mutants(read_pattern(write_pattern(tmp_path, "one", code=code, files=files)))
    assert [(mutant.file, mutant.line) for mutant in found.mutants][:2] == [("names.py", 1), ("pattern.py", 3)]
    assert {mutant.line for mutant in found.mutants if mutant.file == "pattern.py"} == {3, 8, 9}
    assert all(mutant.code.startswith("# top\n\nx = ") for mutant in found.mutants[1:])
    assert all(mutant.code.endswith("# end\n") for mutant in found.mutants[1:])

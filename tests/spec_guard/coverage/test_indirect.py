"""Code that changes what a name means without naming it as the target of a statement."""

from __future__ import annotations

import pytest

from pytest_orchestrator.spec_guard.coverage.parts import digest_of

_CODE = "def limit():\n    return 10\n\n\nclass C:\n    size = 1\n"


@pytest.mark.parametrize(
    ("name", "added"),
    [
        ("limit", "match 0:\n    case _:\n        def limit(): return 99\n"),
        ("limit", "def g():\n    global limit\n    def limit(): return 99\ng()\n"),
        ("limit", "def g():\n    global limit\n    from evil import limit\ng()\n"),
        ("limit", "(limit := lambda: 99)\n"),
        ("limit", "from evil import *\n"),
        ("limit", "match print:\n    case limit: pass\n"),
        ("limit", "globals()['limit'] = print\n"),
        ("limit", "exec('limit = print')\n"),
        ("limit", "limit.__code__ = print.__code__\n"),
        ("C.size", "D = C\nD.size = 2\n"),
        ("C.size", "[0 for C.size in [2]]\n"),
    ],
)
def test_indirect_change_of_a_name_counts(name: str, added: str) -> None:
    before, after = (digest_of(code.encode(), "a.py", name) for code in (_CODE, _CODE + added))
    assert None is not before != after


@pytest.mark.parametrize("added", ["x = 1\n", "def g():\n    limit = 1\n", "D = C\n", "def g():\n    global other\n"])
def test_other_code_does_not_count(added: str) -> None:
    assert digest_of(_CODE.encode(), "a.py", "limit") == digest_of((_CODE + added).encode(), "a.py", "limit")

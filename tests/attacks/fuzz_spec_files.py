"""Fuzz what reads specs and ledgers, guided by coverage: `python tests/attacks/fuzz_spec_files.py [RUNS [SECONDS]]`.

Needs atheris, which has wheels for Linux on x86-64 only. Without it the script says so and exits 0; the property tests
in `tests/spec_guard/test_ledgers.py` cover the same ground more thinly.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

_BOUNDS = ("200000", "600")
_LONGEST = 4_096
_HEAD = b"---\nid: a\ntitle: T\nstatus: draft\nowners: [a]\nlast_review: 2026-11-20\n"
# Where the fuzzer begins: a sound file of each kind.
_SEEDS = (
    b"covers: ['a/*.py', \"b.py::C.d\"]\nrelates_to:\n  - x\nx-y: 1.5\napprovals: [{by: b, body: 'text:0'}]\n",
    b'{"spec": "a", "path": "a.md", "by": "b", "on": "2026-11-20", "body": "text:0", "covers": {"a.py": "python:0"}}\n',
    b"schema: pytest-orchestrator/overrides/1\noverrides:\n- rule: SG005\n  spec: a\n  reason: r\n  owner: o\n",
    b'{"schema": "pytest-orchestrator/task-index/1", "specs": [{"id": "a", "path": "a.md", "status": "draft"}]}',
    b"schema: pytest-orchestrator/approvers/1\napprovers:\n  ann: {emails: [a@example.org], roles: [lead]}\n",
    b"+++\ntitle = 'T'\ndate = 2026-11-20\n+++\n# T\n\n1. It MUST hold 10 items.\n- [ ] Given `x`, see [y](z.md#a).\n",
    b"<!--\ntitle: T\n-->\n```yaml\na: &b [*b]\n```\nIt SHALL NOT.\n",
)


def main(arguments: list[str]) -> int:
    """Run the fuzzer for a number of inputs; a crash is reported by atheris with the input that made it."""
    try:
        atheris: Any = importlib.import_module("atheris")
    except ImportError:
        sys.stdout.write("skipped: atheris is not installed\n")
        return 0
    with atheris.instrument_imports(include=["pytest_orchestrator"]):
        from pytest_orchestrator.errors import InputError
        from pytest_orchestrator.spec_guard.coverage.meaning import file_digest
        from pytest_orchestrator.spec_guard.document import dialects, weakening
        from pytest_orchestrator.spec_guard.document.spec import parse
        from pytest_orchestrator.spec_guard.ledgers import approvals, overrides, task_index
        from pytest_orchestrator.spec_guard.reviews import ledger as reviews

    readers: tuple[Callable[[str], object], ...] = (
        lambda text: reviews.parse_reviews(text, path="x"),
        lambda text: overrides.parse_overrides(text, path="x"),
        lambda text: task_index.parse_index(text, path="x"),
        lambda text: approvals.parse_approvers(text, path="x"),
        lambda text: dialects.read_foreign(text, path="x", known=("id",)),
        lambda text: weakening.find_weakenings(text, text[::-1]),
    )

    def one(data: bytes) -> None:
        # As it is, and where a hostile hand would put it: inside of front matter that is otherwise in order.
        for whole in (data, b"---\n" + data + b"\n---\ntext\n", _HEAD + data + b"\n---\n" + data):
            spec = parse(whole, path="x")
            assert spec.problems or (spec.declaration is not None and spec.last_review is not None)
        file_digest(data, "x.py")
        text = data.decode("utf-8", "replace")
        for read in readers:
            with contextlib.suppress(InputError):
                read(text)

    bounds = [f"-{name}={value}" for name, value in zip(("runs", "max_total_time"), arguments or _BOUNDS, strict=False)]
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(_SEEDS):
            Path(folder, str(number)).write_bytes(seed)
        atheris.Setup([sys.argv[0], folder, *bounds, f"-max_len={_LONGEST}", "-len_control=0"], one)
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

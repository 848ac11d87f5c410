"""The sessions in the patterns' READMEs, which show why code is left alone, run as they are printed."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WITH_SESSIONS = sorted(
    path for path in (ROOT / "patterns").glob("*/README.md") if "```pycon" in path.read_text("utf-8")
)


@pytest.mark.parametrize("readme", WITH_SESSIONS, ids=lambda path: path.parent.name)
def test_a_session_prints_what_the_readme_says(readme: Path) -> None:
    session = doctest.DocTestParser().get_doctest(
        readme.read_text("utf-8"), {"__name__": "__main__"}, readme.parent.name, str(readme), 0
    )

    results = doctest.DocTestRunner(verbose=False).run(session)

    assert results.attempted
    assert not results.failed

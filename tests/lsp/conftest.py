"""One server for the tests of a file: it serves any number of projects."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.lsp.editor import Editor


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        one = Editor()
    yield one
    assert one.close() == 0

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from pytest_orchestrator.commands.mcp.serve import serve
from pytest_orchestrator.errors import InputError


def test_garbage_is_collected_again_when_the_server_can_not_start(tmp_path: Path) -> None:
    pattern = tmp_path / "patterns/broken"
    pattern.mkdir(parents=True)
    (pattern / "pattern.yaml").write_text("[")
    with pytest.raises(InputError, match="not valid YAML"):
        serve(tmp_path, [tmp_path / "patterns"])
    assert gc.isenabled()

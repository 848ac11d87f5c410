"""The shipped patterns, run in this process: properties need thousands of runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest

from pytest_orchestrator.pattern_engine.channel import WireCall
from pytest_orchestrator.pattern_engine.library.library import Library, load_library
from pytest_orchestrator.pattern_engine.pattern import bind
from pytest_orchestrator.pattern_engine.results import Rejected
from pytest_orchestrator.pattern_engine.worker.loading import load
from pytest_orchestrator.pattern_engine.worker.running.rewriting import rewrite
from pytest_orchestrator.pattern_engine.worker.running.source import parse
from pytest_orchestrator.pattern_engine.worker.visiting.construction import LoadedPattern

ROOT = Path(__file__).resolve().parents[2]


def transform_by(folders: Sequence[Path], **parameters: str) -> Callable[[str, str], str]:
    """What a codemod of the library in these folders makes of a source text, by its id."""
    library = load_library(folders)

    @cache
    def loaded(pattern_id: str) -> LoadedPattern:
        return load(WireCall.of(bind(library.get(pattern_id), parameters)))

    def run(pattern_id: str, text: str) -> str:
        source = parse("module.py", text.encode())
        assert not isinstance(source, Rejected), (source, text)
        result = rewrite(source, loaded(pattern_id), root=ROOT)
        assert not isinstance(result, Rejected), (result, text)
        return result.data.decode()

    return run


@pytest.fixture(scope="session")
def shipped() -> Library:
    """The library that we ship."""
    return load_library([ROOT / "patterns"])


@pytest.fixture(scope="session")
def transform() -> Callable[[str, str], str]:
    """What the shipped codemod with this id makes of a source text."""
    return transform_by([ROOT / "patterns"])

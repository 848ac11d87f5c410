"""Source that is hostile to lexical rules takes time in proportion to its size, in every language."""

from __future__ import annotations

import itertools

import pytest

from pytest_orchestrator.spec_guard.coverage.meaning import file_digest
from tests.attacks.test_linear_time import assert_linear

_salts = itertools.count()
SOURCES = (
    *('"', "'", "`", '"""', "'''", "$(", "${", '"${', '$"{', "#", '##"', "@$", "/", "/*", "/* */", "--", "--[[", "[["),
    *("--a:", "--a ", "@a ", "url( ", "((", "=~", "sed ", "<<", "\\", "\\\n", "\n", " ", "(a,", "[a,]", "a;}", "$$"),
    *("$a$", "<a>", "# a\n", "#[", 'r#"', 'a"\\', "- -"),
)
LANGUAGES = "js tsx go rs java c cs php dart lua kt swift scala sql css scss sh ini mk properties dockerfile"


@pytest.mark.parametrize("repeated", SOURCES)
def test_digests_of_source(repeated: str) -> None:
    def digest(size: int) -> object:
        text = repeated * size + str(next(_salts))
        starts = {"php": "<?php "}
        return [
            file_digest(f"{starts.get(suffix, '')}{text}".encode(), f"a.{suffix}") for suffix in LANGUAGES.split(" ")
        ]

    assert_linear(digest)

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from mcp.shared.exceptions import MCPError

Caller = Any


def read(caller: Caller, uri: str) -> tuple[str, str]:
    [content] = caller.ask("read_resource", uri).contents
    return content.mime_type, content.text


def test_each_pattern_has_metadata_readme_and_source(caller: Caller) -> None:
    found = [resource.uri for resource in caller.ask("list_resources").resources]

    ids = ("letter", "no-old", "rename-old")
    assert found == [f"pattern://{id_}{tail}" for id_ in ids for tail in ("", "/readme", "/source")]


def test_metadata_equals_the_output_of_show(caller: Caller) -> None:
    kind, text = read(caller, "pattern://rename-old")

    assert kind == "application/json"
    assert json.loads(text) == caller.ok("patterns.show", pattern="rename-old")


def test_texts_come_as_they_are(caller: Caller) -> None:
    assert read(caller, "pattern://no-old/readme") == ("text/markdown", "# Nothing is called old\n")
    kind, text = read(caller, "pattern://no-old/source")
    assert kind == "text/x-python"
    assert "class Entry(Linter)" in text
    assert (
        read(caller, "pattern://letter/source")[1] == "Hello {{name}}, {{times}} times. {{loud}} {{weight}} {{tone}}\n"
    )


def test_unknown_resource_is_refused(caller: Caller) -> None:
    with pytest.raises(MCPError, match="Unknown resource: pattern://absent"):
        read(caller, "pattern://absent")


def test_text_in_another_encoding_is_refused_in_words(caller: Caller, library: Path) -> None:
    library.joinpath("no-old", "README.md").write_bytes(b"caf\xe9\n")

    with pytest.raises(MCPError, match=r"no-old/README\.md:1: is not UTF-8"):
        read(caller, "pattern://no-old/readme")

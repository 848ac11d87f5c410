from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_orchestrator.codec.decode import decode_json
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.pattern_engine.library.index import BEGIN, END, LibraryIndex, build_index, index_files
from pytest_orchestrator.pattern_engine.library.library import load_library

Write = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path, write_pattern: Write) -> Path:
    write_pattern(tmp_path, "b", code="x", tags="[one, two]", files={"cases/a/before.py": "", "cases/c/before.py": ""})
    write_pattern(tmp_path, "a", kind="template", entry="", title="This | that", files={"template.md": "x"})
    return tmp_path


def files(folder: Path) -> dict[str, str]:
    written = index_files(folder, build_index(load_library([folder])))
    return {name: data.decode() for name, data in written.items()}


def test_the_index_lists_every_pattern_and_can_be_read_back(folder: Path) -> None:
    index = decode_json(LibraryIndex, json.loads(files(folder)["index.json"]), path="index.json")
    assert index == build_index(load_library([folder]))
    one, other = index.patterns
    assert (one.id, one.entry, one.cases) == ("a", "", 0)
    assert (other.id, other.tags, other.cases) == ("b", ("one", "two"), 2)
    assert other.digest == load_library([folder]).get("b").digest


def test_a_missing_readme_is_written_whole(folder: Path) -> None:
    readme = files(folder)["README.md"]
    assert readme.startswith("# Patterns\n")
    assert "| [a](a/README.md) | template | safe |  | This \\| that |" in readme
    assert "| [b](b/README.md) | codemod | safe | 3.6+ | The pattern b |" in readme


def test_the_text_around_the_table_stays(folder: Path) -> None:
    (folder / "README.md").write_text(f"# Mine\n\n{BEGIN}\nold\n{END}\n\nMore.\n")
    readme = files(folder)["README.md"]
    assert readme.startswith(f"# Mine\n\n{BEGIN}\n\n| Pattern |")
    assert readme.endswith(f"|\n\n{END}\n\nMore.\n")
    (folder / "README.md").write_text(readme)
    assert files(folder)["README.md"] == readme


def test_a_readme_without_markers_for_the_table_is_an_error(folder: Path) -> None:
    (folder / "README.md").write_text(f"# Mine\n{BEGIN}\n")
    with pytest.raises(InputError, match="lacks the lines that enclose the table"):
        files(folder)

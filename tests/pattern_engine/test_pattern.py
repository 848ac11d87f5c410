from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.errors import InputError, PatternError
from pytest_orchestrator.pattern_engine.pattern import bind, folder_digest, read_pattern

CODE = "class Entry: ...\n"
Write = Callable[..., Path]
PARAMETERS = """
  size: {type: integer, description: How large., default: 3}
  ratio: {type: number, description: How much., default: 0.5}
  style: {type: string, description: Which., default: plain, enum: [plain, bold]}
  deep: {type: boolean, description: Whether., default: false}"""


def test_metadata_is_read_without_running_code(tmp_path: Path, write_pattern: Write) -> None:
    folder = write_pattern(tmp_path, "one", code="raise SystemExit", tags="[strings, py3]")
    pattern = read_pattern(folder)
    assert (pattern.id, pattern.kind, pattern.safety, pattern.minimum_python) == ("one", "codemod", "safe", "3.6")
    assert pattern.tags == ("strings", "py3")
    assert pattern.folder == folder
    json.dumps({**encode(pattern), "folder": str(folder)})


@pytest.mark.parametrize(
    ("keys", "line", "words"),
    [
        ({"safty": "safe"}, 9, ("unknown key 'safty'", "did you mean 'safety'?")),
        ({"kind": "codmod"}, 3, ("kind", "codemod")),
        ({"id": "Other"}, 2, ("id",)),
        ({"id": "other"}, 2, ("not the name of the folder", "'one'")),
        ({"minimum_python": "3.6"}, 7, ("minimum_python", "3.6")),
        ({"entry": "pattern.py"}, 8, ("entry",)),
        ({"entry": "../pattern.py:Entry"}, 8, ("entry",)),
        ({"entry": "other.py:Entry"}, 8, ("other.py", "not in the folder")),
        ({"entry": ""}, 3, ("needs the key 'entry'",)),
        ({"kind": "template"}, 8, ("a template has no code",)),
        ({"kind": "template", "entry": ""}, 3, ("template.md",)),
        ({"tags": "[A b]"}, 9, ("tags",)),
        ({"tags": "[a, a]"}, 9, ("same item twice",)),
        ({"title": ""}, 1, ("'title' is missing",)),
        ({"safety": "safe\nsafety: unsafe"}, 7, ("twice",)),
        ({"parameters": "\n  size: {type: int, description: x}"}, 10, ("parameters.size.type", "integer")),
        (
            {"parameters": "\n  si-ze: {type: integer, description: x}"},
            10,
            ("'si-ze' is not a valid name of a Python",),
        ),
        (
            {"parameters": "\n  class: {type: integer, description: x}"},
            10,
            ("'class' is not a valid name of a Python",),
        ),
        ({"parameters": "\n  size: {type: integer, description: x, default: '3'}"}, 10, ("default '3'", "integer")),
        ({"parameters": "\n  size: {type: integer, description: x, default: true}"}, 10, ("default True",)),
        ({"parameters": "\n  size: {type: string, description: x, enum: [a, 1]}"}, 10, ("1 is not of type string",)),
        ({"parameters": "\n  s: {type: string, description: x, enum: [a], default: b}"}, 10, ("'b' is not one of a",)),
    ],
)
def test_malformed_metadata_is_refused_with_its_line(
    tmp_path: Path, write_pattern: Write, keys: dict[str, str], line: int, words: tuple[str, ...]
) -> None:
    folder = write_pattern(tmp_path, "one", code=CODE, **keys)
    with pytest.raises(InputError) as caught:
        read_pattern(folder, display_path="patterns/one/pattern.yaml")
    assert caught.value.path == "patterns/one/pattern.yaml"
    assert caught.value.line == line
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("data", [b"\0\1\2", b"\xff\xfe", b"&a [*a]", b"- list"])
def test_metadata_that_is_no_mapping_of_text_is_refused(tmp_path: Path, write_pattern: Write, data: bytes) -> None:
    folder = write_pattern(tmp_path, "one", code=CODE)
    folder.joinpath("pattern.yaml").write_bytes(data)
    with pytest.raises(InputError):
        read_pattern(folder)


def test_digest_follows_every_file_but_not_what_tools_leave_behind(tmp_path: Path, write_pattern: Write) -> None:
    folder = write_pattern(tmp_path, "one", code=CODE)
    before = folder_digest(folder)
    for name in ("__pycache__/pattern.cpython-311.pyc", ".cache/x", "cases/.DS_Store"):
        folder.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        folder.joinpath(name).write_bytes(b"x")
    assert folder_digest(folder) == before
    digests = {before}
    for name in ("cases/a/before.py", "cases/a/after.py", "README.md", "names.py"):
        folder.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        folder.joinpath(name).write_bytes(b"y")
        digests.add(folder_digest(folder))
    assert len(digests) == 5
    folder.joinpath("names.py").rename(folder / "other.py")
    assert folder_digest(folder) not in digests


@pytest.mark.parametrize("name", ["names.py", "names"])
def test_a_link_whose_end_may_change_unseen_is_refused(tmp_path: Path, write_pattern: Write, name: str) -> None:
    folder = write_pattern(tmp_path, "one", code=CODE)
    (tmp_path / name).mkdir()
    (folder / name).symlink_to(tmp_path / name)
    with pytest.raises(InputError, match=rf"one/{name}: is a symbolic link") as refused:
        read_pattern(folder)
    assert refused.value.fix == "replace it by a copy of its target"


def test_digest_is_the_same_in_another_folder(tmp_path: Path, write_pattern: Write) -> None:
    one, other = (write_pattern(tmp_path / name, "one", code=CODE) for name in ("a", "b"))
    assert folder_digest(one) == folder_digest(other)


def test_bind_fills_in_defaults_and_takes_what_is_given(tmp_path: Path, write_pattern: Write) -> None:
    pattern = read_pattern(write_pattern(tmp_path, "one", code=CODE, parameters=PARAMETERS))
    defaults = {"size": 3, "ratio": 0.5, "style": "plain", "deep": False}
    assert bind(pattern, {}).parameters == defaults
    given = {"size": 4, "ratio": 1, "style": "bold", "deep": True}
    assert bind(pattern, given).parameters == given


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"sise": 4}, "did you mean 'size'?"),
        ({"size": "4"}, "expected a value of type integer, found '4'"),
        ({"size": True}, "found True"),
        ({"size": None}, "found None"),
        ({"deep": 1}, "expected a value of type boolean"),
        ({"style": "loud"}, "expected one of plain, bold, found 'loud'"),
    ],
)
def test_bind_refuses_what_is_not_declared(
    tmp_path: Path, write_pattern: Write, given: dict[str, Any], words: str
) -> None:
    pattern = read_pattern(write_pattern(tmp_path, "one", code=CODE, parameters=PARAMETERS))
    with pytest.raises(PatternError) as caught:
        bind(pattern, given)
    assert words in str(caught.value)


def test_a_parameter_without_default_must_be_given(tmp_path: Path, write_pattern: Write) -> None:
    parameters = "\n  name: {type: string, description: Whose.}"
    pattern = read_pattern(write_pattern(tmp_path, "one", code=CODE, parameters=parameters))
    with pytest.raises(PatternError, match="needs the parameter 'name': Whose"):
        bind(pattern, {})
    assert bind(pattern, {"name": "x"}).parameters == {"name": "x"}

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pytest_orchestrator.codec.yaml import load_yaml
from pytest_orchestrator.commands.schemas import FOLDER, schema_files, write_schemas

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = {
    "scenario": "evaluation/*.scenario.yaml",
    "expectation": "evaluation/expected/*/*.yaml",
    "fixtures-lock": "fixtures/*.lock.yaml",
    "pattern": "patterns/*/pattern.yaml",
    "pattern-case": "patterns/*/cases/*/expect.yaml",
    "patterns-index": "patterns/index.json",
}


def published(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))


def shipped() -> Iterator[tuple[str, Path]]:
    for name, glob in SHIPPED.items():
        for path in sorted(ROOT.glob(glob)):
            yield name, path


def test_the_published_schemas_match_the_formats() -> None:
    found = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert found == dict(schema_files()), "stale: run make library"


def test_writing_updates_adds_and_deletes_schemas(tmp_path: Path) -> None:
    assert set(write_schemas(tmp_path)) == set(schema_files())
    assert write_schemas(tmp_path) == ()
    (tmp_path / "scenario.schema.json").write_text("{}")
    (tmp_path / "pattern.schema.json").unlink()
    (tmp_path / "gone.schema.json").write_text("{}")
    assert set(write_schemas(tmp_path)) == {"scenario.schema.json", "pattern.schema.json", "gone.schema.json"}
    assert {path.name for path in tmp_path.iterdir()} == set(schema_files())


def test_the_module_can_be_run() -> None:
    command = [sys.executable, "-W", "error", "-m", "pytest_orchestrator.commands.schemas"]
    assert subprocess.run(command, check=True, capture_output=True).stdout == b""


@pytest.mark.parametrize("name", [name.removesuffix(".schema.json") for name in schema_files()])
def test_a_published_schema_is_a_schema_that_other_languages_read(name: str) -> None:
    schema = published(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert "\\Z" not in json.dumps(schema)


@pytest.mark.parametrize(("name", "path"), list(shipped()), ids=lambda value: getattr(value, "name", value))
def test_what_we_ship_fits_the_published_schemas(name: str, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    data = json.loads(text) if path.suffix == ".json" else load_yaml(text, path=str(path)).data
    jsonschema.Draft202012Validator(published(name)).validate(data)


def test_every_shipped_format_has_a_file() -> None:
    assert {name for name, _path in shipped()} == set(SHIPPED)


def test_a_spec_may_have_keys_of_its_own() -> None:
    spec = {"id": "a", "title": "A", "status": "draft", "owners": ["me"], "last_review": "2026-01-31"}
    validator = jsonschema.Draft202012Validator(published("spec"))
    validator.validate({**spec, "x-team": "core"})
    assert not validator.is_valid({**spec, "team": "core"})


def test_settings_fit_their_schema() -> None:
    table = tomllib.loads("[agents.mine]\ncommand = ['a']\n[spec_guard]\nwarn_days = 3\n")
    validator = jsonschema.Draft202012Validator(published("settings"))
    validator.validate(table)
    assert not validator.is_valid({"spec_gaurd": {}})

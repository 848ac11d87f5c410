from __future__ import annotations

from pathlib import Path

import pytest

from pytest_orchestrator.config import Settings, find_root, load_settings
from pytest_orchestrator.errors import InputError


def write(root: Path, text: str) -> Path:
    (root / "pyproject.toml").write_text(text)
    return root


@pytest.mark.parametrize("text", [None, "", "[project]\nname = 'x'\n", "[tool.pytest_orchestrator]\n"])
def test_a_project_without_settings_has_the_defaults(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        write(tmp_path, text)
    assert load_settings(tmp_path) == Settings()


def test_settings_are_read(tmp_path: Path) -> None:
    settings = load_settings(
        write(
            tmp_path,
            "[tool.pytest_orchestrator.spec_guard]\npaths = ['a']\nmax_age_days = 10\n"
            "[tool.pytest_orchestrator.agents.mine]\ncommand = ['x', '{workspace}']\n",
        )
    )
    assert settings.spec_guard.paths == ("a",)
    assert settings.spec_guard.max_age_days == 10
    assert settings.agents["mine"].command == ("x", "{workspace}")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[tool.pytest_orchestrator\n", 1, "not valid TOML"),
        ("a = 1\n[tool.pytest_orchestrator.spec_guard]\nmax_age_day = 3\n", 3, "did you mean 'max_age_days'?"),
        ("[tool.pytest_orchestrator.spec_guard]\n\nmax_age_days = 0\n", 3, "less than the minimum of 1"),
        ("[tool.pytest_orchestrator]\nspec_guard.paths = []\n", 2, "spec_guard.paths: must not be empty"),
        ("a = 1\n[tool.pytest-orchestrator.spec_guard]\n", 2, "the table's name has an underscore"),
        ("[tool.pytest_orchestrator.spec_guards]\n", 1, "did you mean 'spec_guard'?"),
        ("[tool.pytest_orchestrator]\n\nspec_guard = ", 3, "not valid TOML"),
        ("[tool]\npytest_orchestrator = 3\n", 2, "expected mapping, found 3"),
    ],
)
def test_a_wrong_setting_is_an_error_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    with pytest.raises(InputError) as caught:
        load_settings(write(tmp_path, text))
    assert (caught.value.path, caught.value.line) == ("pyproject.toml", line)
    assert message in caught.value.message
    assert caught.value.fix


def test_the_root_is_the_nearest_folder_with_a_project_or_a_repository(tmp_path: Path) -> None:
    inner = tmp_path / "project" / "src" / "deep"
    inner.mkdir(parents=True)
    write(tmp_path / "project", "")
    assert find_root(inner) == tmp_path / "project"
    (tmp_path / "project" / "src" / ".git").mkdir()
    assert find_root(inner) == tmp_path / "project" / "src"

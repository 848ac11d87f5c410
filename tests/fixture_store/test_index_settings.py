"""The indexes that pip is configured with."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pytest_orchestrator.fixture_store.index_settings import (
    IndexSettings,
    index_settings,
    read_index_settings,
)

CONFIG = """\
[global]
index-url = https://user:secret@one.example/simple
extra-index-url =
    https://two.example/simple
    https://three.example/simple
find_links = /wheels
trusted-host = one.example two.example
cert = /certs/bundle.pem
[install]
index-url = https://never.example/simple
[download]
proxy = http://proxy.example:3128
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "pip.conf"
    path.write_text(CONFIG)
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return path


EXPECTED = IndexSettings(
    find_links=("/wheels",),
    index_urls=(
        "https://user:secret@one.example/simple",
        "https://two.example/simple",
        "https://three.example/simple",
    ),
    default_index=False,
    trusted_hosts=("one.example", "two.example"),
    cert="/certs/bundle.pem",
    proxy="http://proxy.example:3128",
)


def test_settings_are_those_of_pips_configuration(config: Path) -> None:
    assert read_index_settings() == EXPECTED


@pytest.mark.parametrize("named", ["pip.conf", "absent.conf"])
def test_file_that_the_variable_names_replaces_the_users_own(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    (tmp_path / ".pip").mkdir()
    (tmp_path / ".pip" / "pip.conf").write_text("[global]\nclient-cert = /certs/me.pem\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / named))

    settings = read_index_settings()

    assert settings.client_cert == (None if named == "pip.conf" else "/certs/me.pem")


def test_variables_override_files(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://env.example/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://a.example https://b.example")
    monkeypatch.setenv("PIP_FIND_LINKS", "")

    settings = read_index_settings()

    assert settings.index_urls == ("https://env.example/simple", "https://a.example", "https://b.example")
    assert settings.find_links == ("/wheels",)


def test_broken_configuration_file_hides_no_variable(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # pip itself gives up on such a file.
    config.write_bytes(b"no section\n")
    monkeypatch.setenv("PIP_INDEX_URL", "https://env.example/simple")

    assert read_index_settings().index_urls[0] == "https://env.example/simple"


def test_option_overrides_all_other_sources() -> None:
    values = {
        "index-url": "https://one.example",
        "extra-index-url": "https://two.example",
        "find-links": "/wheels",
        "no-index": "1",
        "trusted-host": "mine.example",
    }

    settings = index_settings(values, index_url="https://mine.example/simple")

    assert settings == IndexSettings(
        index_urls=("https://mine.example/simple",), default_index=False, trusted_hosts=("mine.example",)
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, IndexSettings()),
        ({"extra-index-url": "https://x"}, IndexSettings(index_urls=("https://x",))),
        ({"index-url": "https://x"}, IndexSettings(index_urls=("https://x",), default_index=False)),
        ({"no-index": "true", "find-links": "a b"}, IndexSettings(find_links=("a", "b"), default_index=False)),
        (
            {"no-index": "false", "index-url": "https://x"},
            IndexSettings(index_urls=("https://x",), default_index=False),
        ),
    ],
)
def test_usual_index_is_asked_unless_another_is_named(values: dict[str, str], expected: IndexSettings) -> None:
    assert index_settings(values) == expected


def test_index_can_be_a_folder(tmp_path: Path) -> None:
    assert index_settings({}, index_url=str(tmp_path)).index_urls == (tmp_path.as_uri(),)
    assert index_settings({}, index_url=str(tmp_path / "absent")).index_urls == (str(tmp_path / "absent"),)

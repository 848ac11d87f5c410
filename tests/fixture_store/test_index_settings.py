"""pip's own settings, with pip and without it."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from pytest_orchestrator.fixture_store.index_settings import (
    IndexSettings,
    index_settings,
    parse_pip_config,
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
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return path


INDEX_URLS = (
    "https://user:secret@one.example/simple",
    "https://two.example/simple",
    "https://three.example/simple",
)


def test_settings_are_those_that_pip_lists(config: Path) -> None:
    settings = read_index_settings()

    assert settings.index_urls[:1] == INDEX_URLS[:1]
    assert settings.trusted_hosts == ("one.example", "two.example")
    assert settings.proxy == "http://proxy.example:3128"


def test_variables_override_files(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://env.example/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://a.example https://b.example")
    monkeypatch.setenv("PIP_FIND_LINKS", "")

    settings = read_index_settings()

    assert settings.index_urls == ("https://env.example/simple", "https://a.example", "https://b.example")
    assert settings.find_links == ("/wheels",)


def test_interpreter_without_pip_reads_the_same(config: Path, tmp_path: Path) -> None:
    """A virtual environment that has no pip in it, as some tools make them."""
    venv.create(tmp_path / "bare", with_pip=False, symlinks=True)
    code = (
        f"import sys; sys.path[:0] = {[entry for entry in sys.path if entry and 'site-packages' not in entry]!r};"
        "import importlib.util; assert importlib.util.find_spec('pip') is None;"
        "from pytest_orchestrator.fixture_store.index_settings import read_index_settings;"
        "print(read_index_settings())"
    )
    root = Path(__file__).resolve().parents[2]
    bare = subprocess.run(
        [tmp_path / "bare" / "bin" / "python", "-c", code],
        env={**os.environ, "PYTHONPATH": str(root), "PIP_CLIENT_CERT": "/certs/me.pem"},
        check=True,
        capture_output=True,
        text=True,
    )

    assert f"find_links=('/wheels',), index_urls={INDEX_URLS!r}" in bare.stdout
    assert "client_cert='/certs/me.pem'" in bare.stdout
    assert "never.example" not in bare.stdout


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


def test_listing_is_read_and_what_is_no_setting_is_skipped() -> None:
    listing = (
        "WARNING: something\n"
        ":env:.index-url='https://env'\n"
        "global.index-url='https://file'\n"
        "global.find-links='\\na\\nb'\n"
        "download.Extra_Index_Url='https://download'\n"
        "global.timeout=15\n"
        "global.bad='unclosed\n"
        "install.no-index='1'\n"
        "noequals\n"
        "nodot='x'\n"
    )

    assert parse_pip_config(listing) == {
        "index-url": "https://env",
        "find-links": "\na\nb",
        "extra-index-url": "https://download",
    }

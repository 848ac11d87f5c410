"""The package indexes that pip is configured with, whether pip is installed here or not."""

from __future__ import annotations

import ast
import configparser
import importlib.util
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from pytest_orchestrator.errors import ProcessError
from pytest_orchestrator.process import run

# The sections that `pip download` reads; later ones override earlier ones.
_SECTIONS = ("global", "download", ":env:")
_TRUE = frozenset({"1", "true", "yes", "on", "y", "t"})


@dataclass(frozen=True, kw_only=True)
class IndexSettings:
    """The sources to ask, and how to reach them."""

    find_links: tuple[str, ...] = ()
    index_urls: tuple[str, ...] = ()
    default_index: bool = True
    """Whether to ask the default public index before `index_urls`."""
    trusted_hosts: tuple[str, ...] = ()
    cert: str | None = None
    client_cert: str | None = None
    proxy: str | None = None


def read_index_settings(*, index_url: str | None = None) -> IndexSettings:
    """pip's current settings; with `index_url`, that index alone with pip's proxy and certificate settings."""
    environment = tuple((key, value) for key, value in os.environ.items() if key.startswith(("PIP_", "XDG_", "HOME")))
    return index_settings(_pip_values(environment), index_url=index_url)


def index_settings(values: Mapping[str, str], *, index_url: str | None = None) -> IndexSettings:
    """The settings that result from pip's option `values` (long names without leading dashes)."""
    access = IndexSettings(
        trusted_hosts=_words(values, "trusted-host"),
        cert=values.get("cert"),
        client_cert=values.get("client-cert"),
        proxy=values.get("proxy"),
    )
    if index_url is not None:
        return replace(access, index_urls=(_as_url(index_url),), default_index=False)
    find_links = _words(values, "find-links")
    if values.get("no-index", "").lower() in _TRUE:
        return replace(access, find_links=find_links, default_index=False)
    chosen = _words(values, "index-url")
    indexes = (*chosen, *_words(values, "extra-index-url"))
    return replace(access, find_links=find_links, index_urls=tuple(map(_as_url, indexes)), default_index=not chosen)


def parse_pip_config(listing: str) -> Mapping[str, str]:
    """The option values in what `pip config list` prints: lines of `section.option='value'`."""
    sections: dict[str, dict[str, str]] = {}
    for line in listing.splitlines():
        key, equals, value = line.partition("=")
        section, dot, option = key.rpartition(".")
        if not equals or not dot:
            continue
        try:
            text = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            continue
        if isinstance(text, str):
            sections.setdefault(section, {})[_option(option)] = text
    return _merged(sections)


@cache
def _pip_values(environment: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """pip's option values in an environment; cached, because starting pip takes half a second."""
    if importlib.util.find_spec("pip") is not None:
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "config", "list"]
        try:
            completed = run(command, cwd=Path.cwd(), env=os.environ, timeout_s=60)
        except ProcessError:
            pass
        else:
            if completed.returncode == 0:
                return parse_pip_config(completed.stdout.decode("utf-8", "replace"))
    environ = dict(environment)
    return _read_without_pip(environ, _config_files(environ))


def _read_without_pip(environ: Mapping[str, str], files: Iterable[Path]) -> Mapping[str, str]:
    """pip's settings without pip: its configuration files (later ones win) and `PIP_*` variables."""
    sections: dict[str, dict[str, str]] = {}
    for file in files:
        parser = configparser.RawConfigParser()
        try:
            parser.read(file, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue  # pip would fail; here another file may still name an index
        for section in parser.sections():
            sections.setdefault(section, {}).update((_option(key), value) for key, value in parser.items(section))
    sections[":env:"] = {_option(key[4:]): value for key, value in environ.items() if key.startswith("PIP_")}
    return _merged(sections)


def _config_files(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """The files that pip reads (`pip help config`), in its order."""
    chosen = environ.get("PIP_CONFIG_FILE")
    if chosen == os.devnull:
        return ()
    home = Path(environ.get("HOME") or Path.home())
    shared = [Path(folder, "pip") for folder in (environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":")]
    user = Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip"
    if sys.platform == "darwin":
        shared = [Path("/Library/Application Support/pip")]
        application = home / "Library" / "Application Support" / "pip"
        user = application if application.is_dir() else home / ".config" / "pip"
    folders = (*shared, Path("/etc"), home / ".pip", user, Path(sys.prefix))
    return (*(folder / "pip.conf" for folder in folders), *((Path(chosen),) if chosen else ()))


def _merged(sections: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    merged: dict[str, str] = {}
    for section in _SECTIONS:
        merged.update((option, value) for option, value in sections.get(section, {}).items() if value.strip())
    return merged


def _option(name: str) -> str:
    return name.lower().replace("_", "-").removeprefix("--")


def _words(values: Mapping[str, str], option: str) -> tuple[str, ...]:
    return tuple(values.get(option, "").split())


def _as_url(index: str) -> str:
    """The URL of an index, which can also be named by its folder."""
    if not urlsplit(index).scheme and Path(index).expanduser().is_dir():
        return Path(index).expanduser().absolute().as_uri()
    return index

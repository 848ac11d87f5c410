"""Where packages come from: what pip itself is configured with, whether pip is installed here or not."""

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

# pip reads its settings for `pip download` in this order, later ones win.
_SECTIONS = ("global", "download", ":env:")
_TRUE = frozenset({"1", "true", "yes", "on", "y", "t"})


@dataclass(frozen=True, kw_only=True)
class IndexSettings:
    """Where to look, and how to reach it."""

    find_links: tuple[str, ...] = ()
    index_urls: tuple[str, ...] = ()
    default_index: bool = True
    """Whether the usual public index is to be asked before `index_urls`."""
    trusted_hosts: tuple[str, ...] = ()
    cert: str | None = None
    client_cert: str | None = None
    proxy: str | None = None


def read_index_settings(*, index_url: str | None = None) -> IndexSettings:
    """pip's settings of this moment; with `index_url` that index alone, reached the way pip reaches indexes."""
    looked_at = tuple((key, value) for key, value in os.environ.items() if key.startswith(("PIP_", "XDG_", "HOME")))
    return index_settings(_pip_values(looked_at), index_url=index_url)


def index_settings(values: Mapping[str, str], *, index_url: str | None = None) -> IndexSettings:
    """The settings that pip's option `values` (long names without dashes in front) amount to."""
    reach = IndexSettings(
        trusted_hosts=_words(values, "trusted-host"),
        cert=values.get("cert"),
        client_cert=values.get("client-cert"),
        proxy=values.get("proxy"),
    )
    if index_url is not None:
        return replace(reach, index_urls=(_as_url(index_url),), default_index=False)
    find_links = _words(values, "find-links")
    if values.get("no-index", "").lower() in _TRUE:
        return replace(reach, find_links=find_links, default_index=False)
    chosen = _words(values, "index-url")
    indexes = (*chosen, *_words(values, "extra-index-url"))
    return replace(reach, find_links=find_links, index_urls=tuple(map(_as_url, indexes)), default_index=not chosen)


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
def _pip_values(looked_at: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """What pip is configured with in an environment; starting pip takes half a second, so it is asked once."""
    if importlib.util.find_spec("pip") is not None:
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "config", "list"]
        try:
            completed = run(command, cwd=Path.cwd(), env=os.environ, timeout_s=60)
        except ProcessError:
            pass
        else:
            if completed.returncode == 0:
                return parse_pip_config(completed.stdout.decode("utf-8", "replace"))
    environ = dict(looked_at)
    return _own_reading(environ, _config_files(environ))


def _own_reading(environ: Mapping[str, str], files: Iterable[Path]) -> Mapping[str, str]:
    """pip's settings without pip: its configuration files (later ones win) and `PIP_*` variables."""
    sections: dict[str, dict[str, str]] = {}
    for file in files:
        parser = configparser.RawConfigParser()
        try:
            parser.read(file, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue  # pip would complain; here an index may still be named elsewhere
        for section in parser.sections():
            sections.setdefault(section, {}).update((_option(key), value) for key, value in parser.items(section))
    sections[":env:"] = {_option(key[4:]): value for key, value in environ.items() if key.startswith("PIP_")}
    return _merged(sections)


def _config_files(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Where pip looks (`pip help config`), in its order."""
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
    """An index can be named by its folder."""
    if not urlsplit(index).scheme and Path(index).expanduser().is_dir():
        return Path(index).expanduser().absolute().as_uri()
    return index

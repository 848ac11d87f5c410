"""The package indexes that pip is configured with. pip itself need not be installed."""

from __future__ import annotations

import configparser
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

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
    return index_settings(_pip_values(os.environ), index_url=index_url)


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


def _pip_values(environ: Mapping[str, str]) -> Mapping[str, str]:
    """pip's option values: from its configuration files (later ones win), then from `PIP_*` variables."""
    sections: dict[str, dict[str, str]] = {}
    for file in _config_files(environ):
        parser = configparser.RawConfigParser()
        try:
            parser.read(file, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue  # pip would fail; here another file may still name an index
        for section in parser.sections():
            sections.setdefault(section, {}).update((_option(key), value) for key, value in parser.items(section))
    sections[":env:"] = {_option(key[4:]): value for key, value in environ.items() if key.startswith("PIP_")}
    merged: dict[str, str] = {}
    for section in _SECTIONS:
        merged.update((option, value) for option, value in sections.get(section, {}).items() if value.strip())
    return merged


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
    # A file that PIP_CONFIG_FILE names replaces the user's own.
    own = () if chosen and os.path.exists(chosen) else (home / ".pip", user)  # noqa: PTH110 - as pip looks for it
    files = [folder / "pip.conf" for folder in (*shared, Path("/etc"), *own, Path(sys.prefix))]
    return (*files, Path(chosen)) if chosen else tuple(files)


def _option(name: str) -> str:
    return name.lower().replace("_", "-").removeprefix("--")


def _words(values: Mapping[str, str], option: str) -> tuple[str, ...]:
    return tuple(values.get(option, "").split())


def _as_url(index: str) -> str:
    """The URL of an index, which can also be named by its folder."""
    if not urlsplit(index).scheme and Path(index).expanduser().is_dir():
        return Path(index).expanduser().absolute().as_uri()
    return index

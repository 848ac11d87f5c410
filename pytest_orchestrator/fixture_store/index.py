"""Asking package indexes where a source archive is. Nothing of a package is opened or run here."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_orchestrator.errors import FixtureError
from pytest_orchestrator.fixture_store.index_settings import IndexSettings
from pytest_orchestrator.fixture_store.pin import SdistPin

if TYPE_CHECKING:
    from unearth import PackageFinder
    from unearth.fetchers import PyPIClient
    from unearth.link import Link

_CONNECT_TIMEOUT_S = 10.0
_READ_TIMEOUT_S = 30.0


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A place that says it has a pin's archive."""

    url: str
    display_url: str
    """The URL without credentials."""


@contextmanager
def open_client(settings: IndexSettings) -> Iterator[PyPIClient]:
    """An HTTP client that reaches indexes the way pip is configured to, and never asks for a password.

    Raises:
        FixtureError: a certificate that the settings name can't be read.
    """
    import httpx2
    from unearth.auth import MultiDomainBasicAuth
    from unearth.fetchers import PyPIClient

    client = PyPIClient(
        trusted_hosts=settings.trusted_hosts,
        verify=_verification(settings),
        timeout=httpx2.Timeout(_READ_TIMEOUT_S, connect=_CONNECT_TIMEOUT_S),
        follow_redirects=True,
        proxy=settings.proxy,
        auth=MultiDomainBasicAuth(prompting=False, index_urls=settings.index_urls),
    )
    with client:
        yield client


def find_offers(
    pin: SdistPin, settings: IndexSettings, client: PyPIClient
) -> tuple[tuple[Offer, ...], tuple[str, ...]]:
    """Where the pin's archive is offered, in the order of the sources; and what was wrong with each other source."""
    offers: dict[Offer, None] = {}
    troubles = []
    for display_url, finder in _finders(settings, client):
        with _heard_warnings() as warnings:
            try:
                links = [package.link for package in finder.find_all_packages(pin.name, allow_yanked=True)]
            except Exception as error:  # whatever a foreign library says of a foreign index is one source's trouble
                troubles.append(f"{display_url}: {' '.join(str(error).split()) or type(error).__name__}")
                continue
        found = [link for link in links if link.filename == pin.filename and not _leads_home(link)]
        offers.update((Offer(url=link.url_without_fragment, display_url=link.redacted), None) for link in found)
        if not found:
            troubles.append(f"{display_url}: {warnings[-1] if warnings else f'does not offer {pin.filename}'}")
    return tuple(offers), tuple(troubles)


def redacted(url: str) -> str:
    """A URL without the password in it."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return parts._replace(netloc=f"***@{parts.netloc.rpartition('@')[2]}").geturl()


def _finders(settings: IndexSettings, client: PyPIClient) -> Iterator[tuple[str, PackageFinder]]:
    """A finder for each source by itself, so that one source's failure costs no other."""
    from unearth import PackageFinder

    def finder(*, find_links: Sequence[str] = (), index_urls: Sequence[str] = ()) -> PackageFinder:
        return PackageFinder(
            client,  # type: ignore[arg-type]  # unearth's own client, whose stubs miss its own protocol
            find_links=find_links,
            index_urls=index_urls,
            trusted_hosts=settings.trusted_hosts,
            no_binary=[":all:"],
            ignore_compatibility=True,
        )

    for place in settings.find_links:
        if "://" in place or Path(place).exists():
            yield redacted(place), finder(find_links=[place])
    if settings.default_index:
        usual = finder()  # asks the usual public index when it is given nothing
        yield usual.sources[0]["url"], usual
    for url in settings.index_urls:
        yield redacted(url), finder(index_urls=[url])


def _leads_home(link: Link) -> bool:
    """Whether a page of the net points at a file of this machine."""
    return link.is_file and link.comes_from is not None and not link.comes_from.startswith("file:")


def _verification(settings: IndexSettings) -> ssl.SSLContext | bool:
    if settings.cert is None and settings.client_cert is None:
        return True
    try:
        where = None if settings.cert is None else Path(settings.cert).expanduser()
        if where is not None and where.is_dir():
            context = ssl.create_default_context(capath=where)
        else:
            context = ssl.create_default_context(cafile=where)
        if settings.client_cert is not None:
            context.load_cert_chain(Path(settings.client_cert).expanduser())
    except OSError as error:
        raise FixtureError(
            f"the certificate {settings.cert or settings.client_cert} can't be used: {error.strerror or error}",
            fix="correct `cert` and `client-cert` in pip's configuration (`python -m pip config list`)",
        ) from error
    return context


class _Ears(logging.Handler):
    """`unearth` reports an index that answers with an error to its log only."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


@contextmanager
def _heard_warnings() -> Iterator[list[str]]:
    ears, logger = _Ears(), logging.getLogger("unearth")
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(ears)
    try:
        yield ears.heard
    finally:
        logger.removeHandler(ears)
        logger.propagate = propagate

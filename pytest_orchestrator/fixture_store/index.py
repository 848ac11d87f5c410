"""Finding a source archive on package indexes and in folders. Nothing of a package is opened or run here."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_orchestrator.display import redact_urls
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
    """A location that claims to have a pin's archive."""

    url: str
    display_url: str
    """The URL without credentials."""


@contextmanager
def open_client(settings: IndexSettings) -> Iterator[PyPIClient]:
    """An HTTP client with pip's settings for proxies, certificates and trusted hosts; it never asks for a password.

    Raises:
        FixtureError: a certificate that the settings name can't be read.
    """
    import httpx2
    from unearth.auth import MultiDomainBasicAuth
    from unearth.fetchers import PyPIClient

    client = PyPIClient(
        trusted_hosts=settings.trusted_hosts,
        verify=_tls_verification(settings),
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
    """The offers of the pin's archive, in the order of the sources; and a message for each source that has none."""
    offers: dict[Offer, None] = {}
    problems = []
    for display_url, finder in _finders(settings, client):
        with _captured_warnings() as warnings:
            try:
                links = [package.link for package in finder.find_all_packages(pin.name, allow_yanked=True)]
            except Exception as error:  # any failure of the library or of an index concerns one source only
                problems.append(f"{display_url}: {' '.join(str(error).split()) or type(error).__name__}")
                continue
        found = [link for link in links if link.filename == pin.filename and not _is_local_reference(link)]
        offers.update((Offer(url=link.url_without_fragment, display_url=link.redacted), None) for link in found)
        if not found:
            problems.append(f"{display_url}: {warnings[-1] if warnings else f'does not offer {pin.filename}'}")
    return tuple(offers), tuple(problems)


def _finders(settings: IndexSettings, client: PyPIClient) -> Iterator[tuple[str, PackageFinder]]:
    """The display URL of each source and a finder for it alone, so that a failure concerns one source only."""
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

    for location in settings.find_links:
        if "://" in location or Path(location).exists():
            yield redact_urls(location), finder(find_links=[location])
    if settings.default_index:
        default = finder()  # without sources it asks the default public index
        yield default.sources[0]["url"], default
    for url in settings.index_urls:
        yield redact_urls(url), finder(index_urls=[url])


def _is_local_reference(link: Link) -> bool:
    """Whether a page from the network links to a file of this machine."""
    return link.is_file and link.comes_from is not None and not link.comes_from.startswith("file:")


def _tls_verification(settings: IndexSettings) -> ssl.SSLContext | bool:
    if settings.cert is None and settings.client_cert is None:
        return True
    try:
        certificates = None if settings.cert is None else Path(settings.cert).expanduser()
        if certificates is not None and certificates.is_dir():
            context = ssl.create_default_context(capath=certificates)
        else:
            context = ssl.create_default_context(cafile=certificates)
        if settings.client_cert is not None:
            context.load_cert_chain(Path(settings.client_cert).expanduser())
    except OSError as error:
        raise FixtureError(
            f"the certificate {settings.cert or settings.client_cert} can't be used: {error.strerror or error}",
            fix="correct `cert` and `client-cert` in pip's configuration (`python -m pip config list`)",
        ) from error
    return context


class _WarningList(logging.Handler):
    """Collects warnings: `unearth` reports an index that answers with an error to its log only."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _captured_warnings() -> Iterator[list[str]]:
    handler, logger = _WarningList(), logging.getLogger("unearth")
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield handler.messages
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate

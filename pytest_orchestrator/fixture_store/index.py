"""Finding a source archive on package indexes and in folders. Nothing of a package is opened or run here."""

from __future__ import annotations

import logging
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_orchestrator.errors import FixtureError
from pytest_orchestrator.fixture_store.index_settings import IndexSettings
from pytest_orchestrator.fixture_store.pin import SdistPin

if TYPE_CHECKING:
    from unearth import PackageFinder
    from unearth.fetchers import PyPIClient
    from unearth.link import Link

_CONNECT_TIMEOUT_S = 10.0
_READ_TIMEOUT_S = 30.0
_LOGGERS = ("auth", "collector", "evaluator")  # of `unearth`; they name URLs


@contextmanager
def open_client(settings: IndexSettings) -> Iterator[tuple[PyPIClient, list[str]]]:
    """An HTTP client with pip's settings for proxies, certificates and trusted hosts, and the warnings that it logs in
    this thread. It never asks for a password.

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
    with client, _captured_warnings() as warnings:
        yield client, warnings


def find_offers(
    pin: SdistPin, settings: IndexSettings, client: PyPIClient, warnings: list[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The URLs that offer the pin's archive, in the order of the sources; and a message for each source without one.

    URLs and messages may hold credentials. `client` and `warnings` are those of `open_client`.
    """
    offers: dict[str, None] = {}
    problems = []
    for source, finder in _finders(settings, client):
        warnings.clear()
        try:
            links = [package.link for package in finder.find_all_packages(pin.name, allow_yanked=True)]
        except Exception as error:  # any failure of the library or of an index concerns one source only
            problems.append(f"{source}: {' '.join(str(error).split()) or type(error).__name__}")
            continue
        found = [link for link in links if link.filename == pin.filename and not _is_local_reference(link)]
        offers.update((link.url_without_fragment, None) for link in found)
        if not found:
            problems.append(f"{source}: {warnings[-1] if warnings else f'does not offer {pin.filename}'}")
    return tuple(offers), tuple(problems)


def find_sdists(
    name: str, version: str, settings: IndexSettings, client: PyPIClient, warnings: list[str]
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """The file names and URLs of a version's source archives; and a message for each source without one.

    As for `find_offers`.
    """
    offers: dict[str, str] = {}
    problems = []
    for source, finder in _finders(settings, client):
        warnings.clear()
        try:
            packages = list(finder.find_all_packages(name, allow_yanked=True))
        except Exception as error:  # as in `find_offers`
            problems.append(f"{source}: {' '.join(str(error).split()) or type(error).__name__}")
            continue
        found = [item for item in packages if item.version == version and not _is_local_reference(item.link)]
        for item in found:
            offers.setdefault(item.link.filename, item.link.url_without_fragment)
        if not found:
            known = ", ".join(sorted({str(item.version) for item in packages})[-3:])
            offered = f"has no source archive of it, but of {known}" if known else "has no source archive of it"
            problems.append(f"{source}: {warnings[-1] if warnings else offered}")
    return tuple(offers.items()), tuple(problems)


def _finders(settings: IndexSettings, client: PyPIClient) -> Iterator[tuple[str, PackageFinder]]:
    """The URL of each source and a finder for it alone, so that a failure concerns one source only."""
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
            yield location, finder(find_links=[location])
    if settings.default_index:
        default = finder()  # without sources it asks the default public index
        yield default.sources[0]["url"], default
    for url in settings.index_urls:
        yield url, finder(index_urls=[url])


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


@contextmanager
def _captured_warnings() -> Iterator[list[str]]:
    """The warnings of this thread: `unearth` reports an index that answers with an error to its log only.

    They go nowhere else meanwhile, because they name URLs with their credentials.
    """
    thread = threading.get_ident()
    messages: list[str] = []

    def catch(record: logging.LogRecord) -> bool:
        if record.thread == thread and record.levelno >= logging.WARNING:
            messages.append(record.getMessage())
        return record.thread != thread

    loggers = [logging.getLogger(f"unearth.{name}") for name in _LOGGERS]
    for logger in loggers:
        logger.addFilter(catch)
    try:
        yield messages
    finally:
        for logger in loggers:
            logger.removeFilter(catch)

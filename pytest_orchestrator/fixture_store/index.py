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
    with client, _warnings.captured():
        yield client


def find_offers(pin: SdistPin, settings: IndexSettings, client: PyPIClient) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The URLs that offer the pin's archive, in the order of the sources; and a message for each source without one.

    URLs and messages may hold credentials. Call it in the thread that has opened the client.
    """
    offers: dict[str, None] = {}
    problems = []
    for source, finder in _finders(settings, client):
        _warnings.messages.clear()
        try:
            links = [package.link for package in finder.find_all_packages(pin.name, allow_yanked=True)]
        except Exception as error:  # any failure of the library or of an index concerns one source only
            problems.append(f"{source}: {' '.join(str(error).split()) or type(error).__name__}")
            continue
        found = [link for link in links if link.filename == pin.filename and not _is_local_reference(link)]
        offers.update((link.url_without_fragment, None) for link in found)
        if not found:
            problems.append(
                f"{source}: {_warnings.messages[-1] if _warnings.messages else f'does not offer {pin.filename}'}"
            )
    return tuple(offers), tuple(problems)


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


class _Warnings(logging.Handler):
    """Collects the warnings of each thread: `unearth` reports an index that answers with an error to its log only.

    They go nowhere else meanwhile, because they name URLs with their credentials.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._of_thread = threading.local()
        self._count_lock = threading.Lock()
        self._captures = 0
        self._propagate = True

    @property
    def messages(self) -> list[str]:
        """The messages of this thread."""
        messages: list[str] = self._of_thread.__dict__.setdefault("messages", [])
        return messages

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())

    @contextmanager
    def captured(self) -> Iterator[None]:
        """Collect warnings in all threads until the last of them has left its context."""
        logger = logging.getLogger("unearth")
        self.messages.clear()
        with self._count_lock:
            self._captures += 1
            if self._captures == 1:
                self._propagate, logger.propagate = logger.propagate, False
                logger.addHandler(self)
        try:
            yield
        finally:
            with self._count_lock:
                self._captures -= 1
                if self._captures == 0:
                    logger.removeHandler(self)
                    logger.propagate = self._propagate


_warnings = _Warnings()

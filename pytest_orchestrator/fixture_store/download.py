"""Downloading a pin's archive: bounded, resumed after an interruption, and checked against its sha256."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from pytest_orchestrator.display import redact_urls
from pytest_orchestrator.errors import FixtureError
from pytest_orchestrator.fixture_store.index import find_offers, open_client
from pytest_orchestrator.fixture_store.index_settings import IndexSettings
from pytest_orchestrator.fixture_store.pin import SdistPin
from pytest_orchestrator.git.remote import Progress

if TYPE_CHECKING:
    from unearth.fetchers import PyPIClient

_CHUNK = 64 << 10
_ATTEMPTS = 3
_MAX_ARCHIVE_BYTES = 256 << 20


class _SourceError(Exception):
    """One source can't provide the archive; says why."""


def download(pin: SdistPin, folder: Path, settings: IndexSettings, progress: Progress) -> Path:
    """The pin's archive as a file in `folder`, with the right hash. A download that was interrupted is resumed.

    Raises:
        FixtureError: no source has the archive, or none has the one that the lock names; then no file is kept.
    """
    part = folder / f"{pin.sha256}.part"
    with open_client(settings) as (client, warnings):
        offers, problems = find_offers(pin, settings, client, warnings)
        for url in offers:
            try:
                _from_url(url, part, pin, client, progress)
            except _SourceError as problem:
                problems = (*problems, f"{url}: {problem}")
            else:
                return part
    raise FixtureError("; ".join(problems) or "pip's configuration names no index and no folder to search")


def download_unknown(url: str, target: Path, client: PyPIClient, progress: Progress) -> None:
    """Download an archive whose hash and size are not known yet.

    Raises:
        FixtureError: it can't be downloaded, or is larger than any pin.
    """
    import httpx2

    try:
        with _opened(url, 0, client) as (_, chunks):
            _append(chunks, target, 0, _MAX_ARCHIVE_BYTES, progress)
    except (_SourceError, httpx2.HTTPError, OSError) as error:
        raise FixtureError(f"{redact_urls(url)}: {str(error) or type(error).__name__}") from error


def _from_url(url: str, part: Path, pin: SdistPin, client: PyPIClient, progress: Progress) -> None:
    is_fresh = not part.exists()
    _complete(url, part, pin, client, progress)
    found = _sha256(part)
    if found != pin.sha256 and not is_fresh:
        # The part that an earlier call left may be wrong: start again without it.
        part.unlink()
        _complete(url, part, pin, client, progress)
        found = _sha256(part)
    if found != pin.sha256:
        part.unlink()
        raise _SourceError(f"its sha256 is {found}, the lock says {pin.sha256}")


def _complete(url: str, part: Path, pin: SdistPin, client: PyPIClient, progress: Progress) -> None:
    import httpx2

    for _ in range(_ATTEMPTS):
        before = _size(part)
        if before > pin.size:
            part.unlink()
        try:
            with _opened(url, _size(part), client) as (start, chunks):
                _append(chunks, part, start, pin.size, progress)
        except httpx2.HTTPError as error:
            if _size(part) <= before:  # nothing new arrived: another attempt would not help
                raise _SourceError(str(error) or type(error).__name__) from error
        except OSError as error:
            raise _SourceError(error.strerror or str(error)) from error
        if _size(part) == pin.size:
            return
    raise _SourceError(f"ends after {_size(part):,} bytes, the lock says {pin.size:,}")


def _append(chunks: Iterable[bytes], part: Path, start: int, size: int, progress: Progress) -> None:
    done = start
    # Unbuffered: when the process is killed, the disk has everything up to the last chunk.
    with part.open("r+b" if start else "wb", buffering=0) as stream:
        stream.seek(start)
        stream.truncate()
        for chunk in chunks:
            done += len(chunk)
            if done > size:
                part.unlink()
                raise _SourceError(f"is larger than {size:,} bytes")
            stream.write(chunk)
            progress(done, size)


@contextmanager
def _opened(url: str, start: int, client: PyPIClient) -> Iterator[tuple[int, Iterable[bytes]]]:
    """The offset that the source begins at (`start` if it can resume, else 0), and the bytes."""
    if url.startswith("file:"):
        with _local_file(Path(unquote(urlsplit(url).path))) as chunks:
            yield 0, chunks
        return
    # Identity: the archive is compressed already, and its hash is that of these bytes.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    with client.get_stream(url, headers=headers) as response:
        if response.status_code == 206 and response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
            yield start, response.iter_raw()
        elif response.status_code == 200:
            yield 0, response.iter_raw()
        elif start:
            yield 0, ()  # it can't resume: the next attempt asks for all of it
        else:
            raise _SourceError(f"answers {response.status_code} {response.reason_phrase}")


@contextmanager
def _local_file(path: Path) -> Iterator[Iterable[bytes]]:
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise _SourceError("is not a regular file")
        yield iter(lambda: stream.read(_CHUNK), b"")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

"""Source archives, read strictly and one file at a time. Nothing is written here and nothing is run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pytest_orchestrator.errors import FixtureError
from pytest_orchestrator.fixture_store.decompress import PlainStream
from pytest_orchestrator.fixture_store.member import Limits, SourceFile, refusal
from pytest_orchestrator.fixture_store.tar_archive import read_tar
from pytest_orchestrator.fixture_store.zip_archive import read_zip

_COMPRESSIONS = {".tar.gz": "gz", ".tgz": "gz", ".tar.bz2": "bz2", ".tar.xz": "xz"}


def unpack(archive: Path, *, filename: str, limits: Limits | None = None) -> Iterator[SourceFile]:
    """The files of the source archive at `archive`, paths relative to its one top folder.

    `filename` is what the archive is called, whose ending says its format; messages name it.
    The iterator raises as it goes: what it yielded before is then not to be trusted either.

    Raises:
        FixtureError: the archive is damaged, or holds what a source archive has no business holding.
    """
    limits = limits or Limits()
    try:
        with archive.open("rb") as packed:
            empty = True
            if filename.endswith(".zip"):
                files = read_zip(packed, limits)
            else:
                kind = next((kind for ending, kind in _COMPRESSIONS.items() if filename.endswith(ending)), None)
                if kind is None:
                    raise refusal(f"is of no format that is understood ({', '.join(_COMPRESSIONS)}, .zip)")
                files = read_tar(PlainStream(packed, kind, limits), limits)
            for file in files:
                empty = False
                yield file
            if empty:
                raise refusal("it holds no files")
    except FixtureError as error:
        raise FixtureError(error.message, path=filename, fix=error.fix) from error
    except OSError as error:
        raise FixtureError(f"can't be read: {error.strerror or error}", path=filename) from error

"""Fetching a pin into the store: every step is checked, and only the last one makes the pin valid."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pytest_orchestrator.errors import FixtureError, GitError, require_package
from pytest_orchestrator.fixture_store.download import download
from pytest_orchestrator.fixture_store.index_settings import read_index_settings
from pytest_orchestrator.fixture_store.pin import GitPin, Pin, SdistPin
from pytest_orchestrator.fixture_store.snapshot import MAX_FILE_BYTES
from pytest_orchestrator.fixture_store.store import Store, fetch_command
from pytest_orchestrator.fixture_store.unpack import unpack
from pytest_orchestrator.git.objects import EXECUTABLE, REGULAR, LooseObjects, TreeEntry, build_tree
from pytest_orchestrator.git.remote import Progress, fetch_commit


def fetch(
    pin: Pin,
    store: Store,
    *,
    index_url: str | None = None,
    progress: Progress | None = None,
    deep: bool = False,
) -> bool:
    """Make sure that the pin is in the store; True when it was fetched now.

    Safe when several processes fetch the same pin: one does, the others wait for it. `index_url` is the index to ask
    instead of those that pip is configured with. `deep` hashes a pin that is in the store again, and fetches it again
    when it is damaged.

    Raises:
        FixtureError: the pin can't be fetched, or differs from the lock; the store is then unchanged.
        UsageError: the packages that fetching needs are not installed.
    """
    if _is_stored(pin, store, deep):
        return False
    require_package("unearth", extra="evaluate")
    store.prepare()
    with store.lock(pin.reference.replace("/", "-")):
        if _is_stored(pin, store, deep):  # another process fetched it meanwhile
            return False
        with store.temporary_directory() as temporary:
            try:
                if isinstance(pin, SdistPin):
                    tree, objects = _sdist(pin, store, temporary, index_url, progress or _silent)
                else:
                    tree, objects = _commit(pin, temporary, progress or _silent)
                _check(pin, tree, store, objects)
                store.install(pin, objects)
            except OSError as error:
                raise FixtureError(f"{pin} can't be fetched into {store.root}: {error.strerror or error}") from error
    return True


def _is_stored(pin: Pin, store: Store, deep: bool) -> bool:
    return not store.problems(pin) if deep else store.has(pin)


def _sdist(pin: SdistPin, store: Store, temporary: Path, index_url: str | None, progress: Progress) -> tuple[str, Path]:
    with _named(pin):
        archive = download(pin, store.root / "downloads", read_index_settings(index_url=index_url), progress)
    try:
        return archive_tree(archive, pin.filename, temporary)
    finally:
        archive.unlink()


def archive_tree(archive: Path, filename: str, temporary: Path) -> tuple[str, Path]:
    """The git tree of an archive's files, and the folder, below `temporary`, that has its objects.

    Raises:
        FixtureError: the archive is refused.
    """
    objects = LooseObjects(temporary / "objects")
    entries = [
        TreeEntry(
            path=file.path.encode(),
            mode=EXECUTABLE if file.executable else REGULAR,
            id=objects.write("blob", file.data),
        )
        for file in unpack(archive, filename=filename)
    ]
    return build_tree(entries, objects.write), temporary / "objects"


def _commit(pin: GitPin, temporary: Path, progress: Progress) -> tuple[str, Path]:
    repository = temporary / "repository"
    with _named(pin):
        tree = fetch_commit(pin.url, pin.commit, into=repository, progress=progress)
    return tree, repository / "objects"


@contextmanager
def _named(pin: Pin) -> Iterator[None]:
    """Name the pin in an error of what it is fetched from."""
    try:
        yield
    except (FixtureError, GitError) as error:
        raise FixtureError(
            f"{pin} is not in the fixture store and can't be fetched: {error.message}",
            fix=error.fix or fetch_command(pin.name),
        ) from error


def _check(pin: Pin, tree: str, store: Store, objects: Path) -> None:
    """Compare the fetched tree with the lock. The error names all differences at once: this is how pins are written."""
    contents = store.contents(tree, objects=objects)
    if contents.largest_bytes > MAX_FILE_BYTES:
        raise FixtureError(f"{pin} holds a file of more than {MAX_FILE_BYTES:,} bytes", fix="pin another package")
    found = {"tree": tree, "files": contents.files, "python_files": contents.python_files}
    wrong = {key: value for key, value in found.items() if getattr(pin, key) != value}
    if wrong:
        stated = ", ".join(f"{key} {getattr(pin, key)}" for key in wrong)
        actual = ", ".join(f"{key} {value}" for key, value in wrong.items())
        write = ", ".join(f"`{key}: {value}`" for key, value in wrong.items())
        raise FixtureError(
            f"{pin} differs from the lock file: it has {actual}; the lock says {stated}",
            fix=f"if you trust the fetched files, write {write} for {pin.name} in the lock file",
        )


def _silent(_done: int, _total: int | None) -> None:
    pass

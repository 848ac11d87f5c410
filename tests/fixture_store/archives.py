"""Source archives that tests build themselves, the pins that name them, and stores that hold them."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from pytest_orchestrator.fixture_store.pin import SdistPin
from pytest_orchestrator.fixture_store.store import Store
from pytest_orchestrator.git.objects import EXECUTABLE, REGULAR, LooseObjects, TreeEntry, build_tree

Files = Mapping[str, bytes]

SMALL: Files = {
    "setup.py": b"raise SystemExit('never run')\n",
    "README": "näme\n".encode("latin-1"),
    "demo/__init__.py": b"x = 1\r\ny = 2",
    "demo/run.sh": b"#!/bin/sh\n",
}


def tar_entry(name: str, data: bytes = b"", **settings: object) -> tuple[tarfile.TarInfo, bytes]:
    """One member of a tar archive; `settings` are attributes of its `TarInfo`."""
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for key, value in settings.items():
        setattr(info, key, value)
    return info, data


def tar(entries: Iterable[tuple[tarfile.TarInfo, bytes]], *, mode: str = "gz", form: int = tarfile.PAX_FORMAT) -> bytes:
    """A tar archive of exactly these members."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=f"w:{mode}", format=form) as archive:  # type: ignore[call-overload]  # any mode
        for info, data in entries:
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def sdist(files: Files = SMALL, *, top: str = "demo-1.0", mode: str = "gz") -> bytes:
    """A source archive as packaging tools make it; files named `*.sh` are executable."""
    folder = tar_entry(top, type=tarfile.DIRTYPE, mode=0o755)
    members = [
        tar_entry(f"{top}/{name}", data, mode=0o755 if name.endswith(".sh") else 0o644) for name, data in files.items()
    ]
    return tar([folder, *members], mode=mode)


def zip_sdist(files: Files = SMALL, *, top: str = "demo-1.0") -> bytes:
    """The same as a zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(f"{top}/{name}")
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (0o100755 if name.endswith(".sh") else 0o100644) << 16
            archive.writestr(info, data)
    return stream.getvalue()


def git_tree(files: Files) -> str:
    """The tree that git itself makes of the files."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "GIT_DIR": folder}

        def git(*arguments: str, data: bytes = b"") -> str:
            run = subprocess.run(["git", *arguments], input=data, env=env, check=True, capture_output=True)
            return run.stdout.decode().strip()

        git("init", "-q", "--bare", "--object-format=sha1")
        index = ""
        for name, data in files.items():
            blob = git("hash-object", "-w", "--stdin", data=data)
            index += f"{'100755' if name.endswith('.sh') else '100644'} {blob}\t{name}\n"
        git("update-index", "--add", "--index-info", data=index.encode())
        return git("write-tree")


def pin_of(archive: bytes, files: Files = SMALL, *, name: str = "demo", ending: str = "tar.gz") -> SdistPin:
    """The true pin of an archive that holds `files`."""
    return SdistPin(
        name=name,
        version="1.0",
        filename=f"{name}-1.0.{ending}",
        sha256=hashlib.sha256(archive).hexdigest(),
        size=len(archive),
        tree=git_tree(files),
        files=len(files),
        python_files=sum(path.endswith(".py") for path in files),
        licence="MIT",
    )


def links_folder(folder: Path, archives: Mapping[str, bytes]) -> Path:
    """A folder of archives, for `find-links`."""
    folder.mkdir(parents=True)
    for name, data in archives.items():
        (folder / name).write_bytes(data)
    return folder


def put(store: Store, files: Files = SMALL, *, name: str = "demo") -> SdistPin:
    """The pin of an archive of these files, in the store as if it had been fetched."""
    pin = pin_of(sdist(files), files, name=name)
    modes = {path: EXECUTABLE if path.endswith(".sh") else REGULAR for path in files}
    assert put_tree(store, pin, [(path, modes[path], data) for path, data in files.items()]) == pin
    return pin


def put_tree(store: Store, pin: SdistPin, entries: Iterable[tuple[str, int, bytes | str]]) -> SdistPin:
    """The pin with another tree, in the store: of paths, modes, and contents or the commits of submodules."""
    store.prepare()
    objects = LooseObjects(store.root / "incoming" / f"test-{pin.name}")
    found = [
        TreeEntry(path=path.encode(), mode=mode, id=data if isinstance(data, str) else objects.write("blob", data))
        for path, mode, data in entries
    ]
    pin = replace(pin, tree=build_tree(found, objects.write))
    store.install(pin, store.root / "incoming" / f"test-{pin.name}")
    return pin

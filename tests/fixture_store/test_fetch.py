"""Fetching from an index that is honest, broken or hostile, alone and in company."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.errors import FixtureError
from pytest_orchestrator.fixture_store.fetch import fetch
from pytest_orchestrator.fixture_store.pin import GitPin, SdistPin
from pytest_orchestrator.fixture_store.store import Store
from pytest_orchestrator.git.command import sealed_git
from tests.fixture_store.archives import SMALL, links_folder, pin_of, sdist, tar, tar_entry
from tests.fixture_store.package_index import PackageIndex, serving
from tests.waiting import wait_until

LARGE = {**SMALL, "noise.bin": os.urandom(3_000_000)}


def _offer(index: PackageIndex, archive: bytes, pin: SdistPin) -> SdistPin:
    index.files[pin.filename] = archive
    return pin


@pytest.fixture
def pin(index: PackageIndex) -> SdistPin:
    """A small pin that the index has."""
    archive = sdist()
    return _offer(index, archive, pin_of(archive))


@pytest.fixture
def large(index: PackageIndex) -> SdistPin:
    """A pin of three megabytes that the index has."""
    archive = sdist(LARGE)
    return _offer(index, archive, pin_of(archive, LARGE, name="noisy"))


def _assert_nothing_is_kept(store: Store, pin: SdistPin) -> None:
    assert not store.has(pin)
    assert list((store.root / "downloads").iterdir()) == []
    assert list((store.root / "incoming").iterdir()) == []


# --- honest


@pytest.mark.parametrize("as_json", [False, True], ids=["html", "json"])
def test_pin_is_fetched_once(store: Store, index: PackageIndex, pin: SdistPin, as_json: bool) -> None:
    index.as_json = as_json
    steps: list[tuple[int, int | None]] = []

    assert fetch(pin, store, index_url=index.url, progress=lambda *step: steps.append(step)) is True
    assert fetch(pin, store, index_url=index.url) is False

    assert store.problems(pin) == ()
    assert steps[-1] == (pin.size, pin.size)
    assert index.downloads == [None]
    assert list((store.root / "downloads").iterdir()) == []
    assert list((store.root / "incoming").iterdir()) == []


def test_sdist_is_found_among_wheels_and_other_versions(store: Store, index: PackageIndex, pin: SdistPin) -> None:
    index.files |= {
        "demo-1.0-py3-none-any.whl": b"a wheel",
        "demo-1.0.zip": b"another archive of the same version",
        "demo-2.0.tar.gz": b"a later version",
    }

    assert fetch(pin, store, index_url=index.url)


def test_setup_script_is_never_run(store: Store, index: PackageIndex, tmp_path: Path) -> None:
    marker = tmp_path / "was-run"
    files = {"setup.py": f"open({str(marker)!r}, 'w')\n".encode(), "pyproject.toml": b"[build-system]\nrequires=[]\n"}
    archive = sdist(files)
    pin = _offer(index, archive, pin_of(archive, files))

    fetch(pin, store, index_url=index.url)
    store.checkout(pin, tmp_path / "work")

    assert not marker.exists()


def test_pips_find_links_is_enough(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = sdist()
    folder = links_folder(tmp_path / "links with space", {"demo-1.0.tar.gz": archive})
    monkeypatch.setenv("PIP_FIND_LINKS", folder.as_uri())

    assert fetch(pin_of(archive), store)


def test_pips_index_is_asked_and_a_dead_source_is_skipped(
    store: Store, index: PackageIndex, pin: SdistPin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", index.url)
    monkeypatch.setenv("PIP_FIND_LINKS", "/nowhere/at/all")

    assert fetch(pin, store)


# --- nothing to be had


def test_unreachable_index_is_named(store: Store, pin: SdistPin) -> None:
    with pytest.raises(FixtureError, match=r"http://\*\*\*@127.0.0.1:9/simple: .*refused"):
        fetch(pin, store, index_url="http://user:secret@127.0.0.1:9/simple")


def test_index_without_the_file_is_named(store: Store, index: PackageIndex, pin: SdistPin) -> None:
    index.files = {"demo-2.0.tar.gz": b""}

    with pytest.raises(FixtureError, match=r"/simple/: does not offer demo-1.0.tar.gz"):
        fetch(pin, store, index_url=index.url)


@pytest.mark.parametrize("status", [404, 500, 401])
def test_index_that_answers_with_an_error_is_quoted(
    store: Store, index: PackageIndex, pin: SdistPin, status: int
) -> None:
    index.status = status

    with pytest.raises(FixtureError, match=rf"Error\({status}\)"):
        fetch(pin, store, index_url=index.url)


def test_index_that_answers_nonsense_is_reported(store: Store, index: PackageIndex, pin: SdistPin) -> None:
    index.as_json = True
    index.page = lambda _project: b"[]"  # type: ignore[method-assign, assignment]  # an index that breaks its promise

    with pytest.raises(FixtureError, match="can't be fetched"):
        fetch(pin, store, index_url=index.url)


@pytest.mark.parametrize("setting", ["PIP_CERT", "PIP_CLIENT_CERT"])
def test_certificate_that_is_absent_is_reported(
    store: Store, index: PackageIndex, pin: SdistPin, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv(setting, "/nowhere/bundle.pem")

    with pytest.raises(FixtureError, match=r"the certificate /nowhere/bundle.pem can't be used") as caught:
        fetch(pin, store, index_url=index.url)

    assert "pip config list" in caught.value.fix


def test_folder_of_certificates_is_used(
    store: Store, index: PackageIndex, pin: SdistPin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "certificates").mkdir()
    monkeypatch.setenv("PIP_CERT", str(tmp_path / "certificates"))

    assert fetch(pin, store, index_url=index.url)


def test_page_that_links_to_local_files_is_not_followed(
    store: Store, index: PackageIndex, pin: SdistPin, tmp_path: Path
) -> None:
    here = links_folder(tmp_path / "private", {pin.filename: index.files.pop(pin.filename)})
    index.announced[pin.filename] = (here / pin.filename).as_uri()

    with pytest.raises(FixtureError, match="does not offer"):
        fetch(pin, store, index_url=index.url)


def test_pipe_among_find_links_is_not_waited_for(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "links"
    folder.mkdir()
    os.mkfifo(folder / "demo-1.0.tar.gz")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))

    with pytest.raises(FixtureError, match="is not a regular file"):
        fetch(pin_of(sdist()), store)


def _with_credentials(url: str) -> str:
    return f"{url.replace('//', '//us3r:s3cret@', 1)}?token=s3cret"


@pytest.mark.parametrize("status", [401, 404])
def test_no_message_about_an_index_holds_credentials(
    store: Store, index: PackageIndex, pin: SdistPin, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    index.status = status

    with pytest.raises(FixtureError, match=rf"Error\({status}\)") as caught:
        fetch(pin, store, index_url=_with_credentials(index.url))

    assert not re.search("us3r|s3cret", f"{caught.value!r} {caught.value} {caplog.text}")


@pytest.mark.parametrize("announced", ["/files/gone.tar.gz", "http://[1/demo", "http://127.0.0.1:9/x"])
def test_no_message_about_a_file_holds_credentials(
    store: Store, index: PackageIndex, pin: SdistPin, announced: str, caplog: pytest.LogCaptureFixture
) -> None:
    absolute = announced if "//" in announced else index.url.removesuffix("/simple/") + announced
    index.announced[pin.filename] = _with_credentials(absolute)

    with pytest.raises(FixtureError) as caught:
        fetch(pin, store, index_url=index.url)

    assert not re.search("us3r|s3cret", f"{caught.value!r} {caught.value} {caplog.text}")


def test_indexes_that_are_asked_at_once_have_messages_of_their_own(
    store: Store, index: PackageIndex, pin: SdistPin, large: SdistPin
) -> None:
    index.files = {}
    messages = []

    def page(_project: str) -> bytes:  # called in a thread of the server
        with serving(PackageIndex(status=404)) as other, pytest.raises(FixtureError) as caught:
            fetch(large, store, index_url=other.url)
        messages.append(caught.value.message)
        return b""

    index.page = page  # type: ignore[method-assign, assignment]  # an index that is busy while another is asked

    with pytest.raises(FixtureError, match=r"does not offer demo-1\.0\.tar\.gz"):
        fetch(pin, store, index_url=index.url)

    assert len(messages) == 1
    assert "Error(404)" in messages[0]


# --- wrong


def test_second_source_is_used_when_the_first_has_wrong_bytes(
    store: Store, index: PackageIndex, pin: SdistPin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = links_folder(tmp_path / "links", {pin.filename: b"x" * pin.size})
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_INDEX_URL", index.url)

    assert fetch(pin, store)


def test_archive_larger_than_its_locked_size_is_not_downloaded_whole(
    store: Store, index: PackageIndex, large: SdistPin
) -> None:
    with pytest.raises(FixtureError, match="is larger than 1,000 bytes"):
        fetch(replace(large, size=1000), store, index_url=index.url)

    _assert_nothing_is_kept(store, large)


def test_archive_smaller_than_its_locked_size_is_an_error(store: Store, index: PackageIndex, pin: SdistPin) -> None:
    with pytest.raises(FixtureError, match=f"ends after {pin.size:,} bytes, the lock says {pin.size + 1:,}"):
        fetch(replace(pin, size=pin.size + 1), store, index_url=index.url)

    assert not store.has(pin)


def test_wrong_tree_and_counts_are_reported_with_the_right_values(
    store: Store, index: PackageIndex, pin: SdistPin
) -> None:
    wrong = replace(pin, tree="0" * 40, files=0, python_files=9)

    with pytest.raises(FixtureError, match=r"demo 1\.0 differs from the lock file") as caught:
        fetch(wrong, store, index_url=index.url)

    assert f"write `tree: {pin.tree}`, `files: 4`, `python_files: 2` for demo" in caught.value.fix
    _assert_nothing_is_kept(store, wrong)
    assert fetch(pin, store, index_url=index.url)


def test_hostile_archive_is_refused_and_nothing_is_kept(store: Store, index: PackageIndex, tmp_path: Path) -> None:
    archive = tar([tar_entry("demo-1.0/good.py", b"x"), tar_entry("demo-1.0/../../../evil", b"x")])
    pin = _offer(index, archive, pin_of(archive, {}))

    with pytest.raises(FixtureError, match=r"demo-1.0.tar.gz: member 'demo-1.0/../../../evil' has '..'"):
        fetch(pin, store, index_url=index.url)

    _assert_nothing_is_kept(store, pin)
    assert not list(tmp_path.rglob("evil"))


# --- interrupted


def test_broken_connection_is_resumed(store: Store, index: PackageIndex, large: SdistPin) -> None:
    index.cut_after = 1_000_000

    assert fetch(large, store, index_url=index.url)

    first, second = index.downloads
    assert first is None
    assert second is not None
    assert 0 < int(second.removeprefix("bytes=").removesuffix("-")) <= 1_000_000


def test_server_that_cant_resume_sends_everything_again(store: Store, index: PackageIndex, large: SdistPin) -> None:
    index.cut_after = 1_000_000
    index.ranges = False

    assert fetch(large, store, index_url=index.url)
    assert len(index.downloads) == 2


def _part(store: Store, pin: SdistPin, data: bytes) -> Path:
    store.prepare()
    part = store.root / "downloads" / f"{pin.sha256}.part"
    part.write_bytes(data)
    return part


def test_part_of_an_earlier_call_is_resumed(store: Store, index: PackageIndex, large: SdistPin) -> None:
    part = _part(store, large, index.files[large.filename][:12345])

    assert fetch(large, store, index_url=index.url)
    assert index.downloads == ["bytes=12345-"]
    assert not part.exists()


def test_part_with_wrong_bytes_is_discarded(store: Store, index: PackageIndex, large: SdistPin) -> None:
    _part(store, large, b"garbage")

    assert fetch(large, store, index_url=index.url)
    assert index.downloads == ["bytes=7-", None]


@pytest.mark.parametrize("extra", [0, 1])
def test_part_of_full_length_or_more_is_checked_by_its_hash(
    store: Store, index: PackageIndex, pin: SdistPin, extra: int
) -> None:
    _part(store, pin, b"x" * (pin.size + extra))

    assert fetch(pin, store, index_url=index.url)


_CHILD = """
import sys
from pathlib import Path
from pytest_orchestrator.fixture_store.fetch import fetch
from pytest_orchestrator.fixture_store.lock import read_lock
from pytest_orchestrator.fixture_store.store import Store
(pin,) = read_lock(Path(sys.argv[1]), display_path="lock")
print(fetch(pin, Store(Path(sys.argv[2])), index_url=sys.argv[3]))
"""


def _child(pin: SdistPin, store: Store, index: PackageIndex, tmp_path: Path) -> subprocess.Popen[str]:
    lock = tmp_path / "lock.yaml"
    lock.write_text(json.dumps({"schema": "pytest-orchestrator/fixtures-lock/1", "pins": [encode(pin)]}))
    arguments = [sys.executable, "-c", _CHILD, str(lock), str(store.root), index.url]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_killed_fetch_leaves_no_pin_and_is_resumed(
    store: Store, index: PackageIndex, large: SdistPin, tmp_path: Path
) -> None:
    index.stall_after = 1_500_000
    child = _child(large, store, index, tmp_path)
    assert index.stalled.wait(60)
    part = store.root / "downloads" / f"{large.sha256}.part"
    # The server has handed all that to the system; wait for the child to have taken some of it.
    wait_until(lambda: (part.exists() and part.stat().st_size) or child.poll() is not None)
    assert child.poll() is None, child.communicate()
    child.send_signal(signal.SIGKILL)
    child.communicate()
    index.stall_after = None
    index.release.set()

    assert not store.has(large)
    assert fetch(large, store, index_url=index.url)
    assert store.problems(large) == ()
    (*_, last) = index.downloads
    assert last is not None
    assert last != "bytes=0-"


def test_processes_that_fetch_at_once_download_once(
    store: Store, index: PackageIndex, large: SdistPin, tmp_path: Path
) -> None:
    index.stall_after = 100
    children = [_child(large, store, index, tmp_path) for _ in range(3)]
    assert index.stalled.wait(60)
    index.stall_after = None
    index.release.set()

    ends = [child.communicate(timeout=120) for child in children]

    assert sorted(out for out, _ in ends) == ["False\n", "False\n", "True\n"], ends
    assert store.problems(large) == ()
    assert len([wanted for wanted in index.downloads if wanted is None]) == 1


# --- damage


def test_damage_in_a_pack_of_git_gc_is_repaired_pin_by_pin(
    store: Store, index: PackageIndex, pin: SdistPin, large: SdistPin
) -> None:
    fetch(pin, store, index_url=index.url)
    fetch(large, store, index_url=index.url)
    sealed_git(store.git_dir).output("gc", "--quiet", "--prune=now")
    (pack,) = (store.git_dir / "objects" / "pack").glob("*.pack")
    pack.chmod(0o644)
    # The first object of a pack begins behind its 12 bytes of head: spoil every object's compressed bytes.
    data = pack.read_bytes()
    pack.write_bytes(data[:12] + bytes(byte ^ 0xFF for byte in data[12:]))
    assert store.problems(pin)

    assert fetch(large, store, index_url=index.url, deep=True) is True
    assert store.problems(large) == ()
    assert fetch(pin, store, index_url=index.url, deep=True) is True
    assert store.problems(pin) == ()


def test_empty_reference_is_repaired(store: Store, index: PackageIndex, pin: SdistPin) -> None:
    fetch(pin, store, index_url=index.url)
    (store.git_dir / pin.reference).write_bytes(b"")

    assert not store.has(pin)
    assert fetch(pin, store, index_url=index.url)
    assert store.problems(pin) == ()


def test_store_that_cant_be_written_is_an_error(store: Store, index: PackageIndex, pin: SdistPin) -> None:
    store.prepare()
    (store.root / "downloads").rmdir()
    (store.root / "downloads").write_bytes(b"in the way")

    with pytest.raises(FixtureError, match=r"demo 1\.0"):
        fetch(pin, store, index_url=index.url)


# --- git


def _git(folder: Path, *arguments: str) -> str:
    run = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return run.stdout.strip()


@pytest.fixture
def git_pin(tmp_path: Path) -> GitPin:
    """A commit that is no branch's tip, with a link and a submodule in it."""
    inner, outer = tmp_path / "inner", tmp_path / "outer repository"
    for folder in (inner, outer):
        folder.mkdir()
        _git(folder, "init", "-q", "-b", "main")
        (folder / "a.py").write_bytes(b"x = 1\r\n")
        _git(folder, "add", ".")
        _git(folder, "commit", "-q", "-m", "first")
    _git(outer, "-c", "protocol.file.allow=always", "submodule", "add", "-q", inner.as_uri(), "vendor")
    (outer / "link").symlink_to("/etc/passwd")
    (outer / ".gitattributes").write_bytes(b"*.py text eol=lf\n")
    _git(outer, "add", ".")
    _git(outer, "commit", "-q", "-m", "second")
    commit = _git(outer, "rev-parse", "HEAD")
    tree = _git(outer, "rev-parse", "HEAD^{tree}")
    _git(outer, "commit", "-q", "--allow-empty", "-m", "third")
    url = f"file://{quote(str(outer))}"
    return GitPin(name="outer", url=url, commit=commit, tree=tree, files=4, python_files=1, licence="MIT")


def test_commit_is_fetched_and_checked_out_as_it_is(store: Store, git_pin: GitPin, tmp_path: Path) -> None:
    assert fetch(git_pin, store) is True
    assert fetch(git_pin, store, deep=True) is False

    assert store.problems(git_pin) == ()
    contents = store.contents(git_pin.tree)
    assert (contents.files, contents.python_files, contents.links, contents.submodules) == (4, 1, 1, 1)
    checkout = store.checkout(git_pin, tmp_path / "work")
    assert (checkout.root / "link").read_bytes() == b"/etc/passwd"
    assert not (checkout.root / "link").is_symlink()
    assert list((checkout.root / "vendor").iterdir()) == []
    assert store.snapshot(checkout).tree == git_pin.tree
    assert list((store.root / "incoming").iterdir()) == []


def test_commit_with_another_tree_than_locked_is_refused(store: Store, git_pin: GitPin) -> None:
    with pytest.raises(FixtureError, match="differs from the lock file") as caught:
        fetch(replace(git_pin, tree="0" * 40), store)

    assert f"`tree: {git_pin.tree}`" in caught.value.fix
    assert not store.has(git_pin)


def test_repository_that_is_gone_is_one_clear_error(store: Store, git_pin: GitPin) -> None:
    with pytest.raises(FixtureError, match=r"outer .* is not in the fixture store and can't be fetched: ") as caught:
        fetch(replace(git_pin, url="file:///nowhere/at/all"), store)

    assert caught.value.fix == "when online, run `pytest-orchestrator fixtures fetch outer`"

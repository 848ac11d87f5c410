"""`pytest-orchestrator fixtures` as a person types it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.fixture_store.pin import SdistPin
from tests.fixture_store.archives import links_folder, pin_of, sdist

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def pin(tmp_path: Path) -> SdistPin:
    """A pin in a project's lock file, whose archive is in a folder that pip would look into."""
    archive = sdist()
    links_folder(tmp_path / "links", {"demo-1.0.tar.gz": archive})
    pin = pin_of(archive)
    _lock(tmp_path, pin)
    return pin


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the command in the project."""
    (tmp_path / "project").mkdir(exist_ok=True)
    (tmp_path / "project" / "pyproject.toml").touch()

    def run(*arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pytest_orchestrator", "fixtures", *arguments],
            cwd=tmp_path / "project",
            env=_environment(tmp_path) | extra,
            check=False,
            capture_output=True,
            text=True,
        )

    return run


def _environment(tmp_path: Path) -> dict[str, str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    return env | {
        "PYTEST_ORCHESTRATOR_STORE": str(tmp_path / "store"),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(tmp_path / "links"),
    }


def _lock(tmp_path: Path, *pins: SdistPin) -> None:
    path = tmp_path / "project" / "fixtures" / "fixtures.lock.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {"schema": "pytest-orchestrator/fixtures-lock/1", "pins": [encode(pin) for pin in pins]}
    path.write_text(json.dumps(data, indent=2))


def test_list_fetch_list_verify(run: Run, pin: SdistPin) -> None:
    before = run("list")
    assert (before.returncode, before.stderr) == (0, "")
    header, _, first, *shipped = before.stdout.splitlines()
    assert header.split() == ["name", "version", "kind", "files", "python", "bytes", "licence", "in", "store"]
    assert first.split() == ["demo", "1.0", "sdist", "4", "2", f"{pin.size:,}", "MIT", "no"]
    assert [line.split()[0] for line in shipped][:4] == ["itsdangerous", "click", "attrs", "cookiecutter"]

    fetched = run("fetch", "demo")
    assert (fetched.returncode, fetched.stderr) == (0, "")
    assert fetched.stdout == "demo 1.0: fetched (4 files, 2 Python)\n"
    again = run("fetch", "demo", "demo", PIP_FIND_LINKS="")
    assert again.stdout == "demo 1.0: in the store already (4 files, 2 Python)\n"

    rows = json.loads(run("list", "--format", "json").stdout)
    assert rows[0] == {
        "name": "demo",
        "version": "1.0",
        "kind": "sdist",
        "files": 4,
        "python_files": 2,
        "size": pin.size,
        "licence": "MIT",
        "in_store": True,
    }
    assert not any(row["in_store"] for row in rows[1:])
    verified = run("verify", "demo")
    assert (verified.returncode, verified.stdout) == (0, "demo 1.0: whole\n")


def test_damage_is_exit_code_1_and_mended_by_what_it_says(run: Run, pin: SdistPin, tmp_path: Path) -> None:
    run("fetch", "demo")
    (pack,) = (tmp_path / "store" / "store.git" / "objects" / "pack").glob("*.pack")
    pack.chmod(0o644)
    data = bytearray(pack.read_bytes())
    data[-25] ^= 0xFF
    pack.write_bytes(data)

    damaged = run("verify", "demo")
    assert damaged.returncode == 1
    assert "fix: run `pytest-orchestrator fixtures fetch demo`" in damaged.stdout
    (verdict,) = json.loads(run("verify", "demo", "--format", "json").stdout)
    assert verdict["problems"]

    assert "demo 1.0: fetched" in run("fetch", "demo").stdout
    assert run("verify", "demo").returncode == 0


def test_absent_pin_is_no_verified_pin(run: Run, pin: SdistPin) -> None:
    verified = run("verify", "demo")

    assert verified.returncode == 1
    assert "it is not in the store" in verified.stdout


def test_pin_that_fails_costs_the_others_nothing(run: Run, pin: SdistPin, tmp_path: Path) -> None:
    _lock(tmp_path, replace(pin, name="broken", sha256="0" * 64), pin)

    fetched = run("fetch", "broken", "demo")

    assert fetched.returncode == 2
    assert fetched.stdout == "demo 1.0: fetched (4 files, 2 Python)\n"
    assert "error: broken 1.0 is not in the fixture store and can't be fetched: " in fetched.stderr
    assert "fix: when online, run `pytest-orchestrator fixtures fetch broken`" in fetched.stderr
    assert "Traceback" not in fetched.stderr


def test_wrong_hash_names_both(run: Run, pin: SdistPin, tmp_path: Path) -> None:
    wrong = "1" * 64
    _lock(tmp_path, replace(pin, sha256=wrong))

    fetched = run("fetch", "demo")

    assert fetched.returncode == 2
    assert pin.sha256 in fetched.stderr
    assert wrong in fetched.stderr
    assert list((tmp_path / "store" / "downloads").iterdir()) == []


def test_offline_and_absent_is_one_clear_error(run: Run, pin: SdistPin) -> None:
    fetched = run("fetch", "demo", PIP_FIND_LINKS="")

    assert fetched.returncode == 2
    assert fetched.stderr == (
        "error: demo 1.0 is not in the fixture store and can't be fetched: "
        "pip's configuration names no index and no folder to look in\n"
        "  fix: when online, run `pytest-orchestrator fixtures fetch demo`\n"
    )


def test_index_url_option_is_asked_alone(run: Run, pin: SdistPin, tmp_path: Path) -> None:
    project = tmp_path / "index" / "demo"
    project.mkdir(parents=True)
    (tmp_path / "links" / pin.filename).rename(project / pin.filename)
    (project / "index.html").write_text(f'<a href="{pin.filename}">{pin.filename}</a>')

    assert run("fetch", "demo").returncode == 2
    assert run("fetch", "demo", "--index-url", str(tmp_path / "index")).returncode == 0


@pytest.mark.parametrize("command", ["fetch", "verify"])
def test_unknown_name_is_bad_input(run: Run, pin: SdistPin, command: str) -> None:
    done = run(command, "dmo")

    assert done.returncode == 2
    assert "error: no fixture is called 'dmo': did you mean 'demo'?" in done.stderr


@pytest.mark.parametrize("command", ["list", "fetch", "verify"])
def test_malformed_lock_is_bad_input_with_its_line(run: Run, pin: SdistPin, tmp_path: Path, command: str) -> None:
    path = tmp_path / "project" / "fixtures" / "fixtures.lock.yaml"
    path.write_text(path.read_text().replace('"size"', '"sise"'))

    done = run(command)

    assert done.returncode == 2
    assert done.stderr.startswith("error: fixtures/fixtures.lock.yaml:10: unknown key 'sise'")


def test_store_that_cant_be_made_is_bad_input(run: Run, pin: SdistPin, tmp_path: Path) -> None:
    (tmp_path / "store").write_bytes(b"in the way")

    fetched = run("fetch", "demo")

    assert fetched.returncode == 2
    assert "PYTEST_ORCHESTRATOR_STORE" in fetched.stderr
    assert run("list").returncode == 0


@pytest.mark.parametrize("command", ["list", "fetch", "verify"])
def test_help_has_an_example(run: Run, command: str) -> None:
    assert f"Example: pytest-orchestrator fixtures {command}" in run(command, "--help").stdout


def test_listing_imports_neither_of_the_libraries_that_fetch(run: Run, tmp_path: Path) -> None:
    code = (
        "import sys; from pytest_orchestrator.cli.main import entry;"
        "entry.main(['fixtures', 'list'], standalone_mode=False);"
        "heavy = ('git', 'unearth', 'httpx2', 'libcst', 'mcp', 'jsonschema', 'rich', 'filelock');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=_environment(tmp_path), check=True, capture_output=True, text=True
    )

    assert done.stdout.splitlines()[-1] == "[]"


def test_terminal_shows_progress_and_stdout_stays_clean(pin: SdistPin, run: Run, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "pytest_orchestrator", "fixtures", "fetch", "demo"],
        cwd=tmp_path / "project",
        env=_environment(tmp_path) | {"TERM": "xterm"},
        check=True,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    )
    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)

    assert "demo 1.0" in shown
    assert "100%" in shown
    assert done.stdout == "demo 1.0: fetched (4 files, 2 Python)\n"

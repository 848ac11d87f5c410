"""Lock files: where they are found, what they may say, and how a wrong one is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_orchestrator.errors import FixtureError, InputError
from pytest_orchestrator.fixture_store.lock import get_pin, load_pins, lock_files
from pytest_orchestrator.fixture_store.pin import GitPin, SdistPin

HEAD = "schema: pytest-orchestrator/fixtures-lock/1\npins:\n"
SDIST = f"""\
  - kind: sdist
    name: demo
    version: "1.0"
    filename: demo-1.0.tar.gz
    sha256: "{"a" * 64}"
    size: 10
    tree: "{"b" * 40}"
    files: 4
    python_files: 2
    licence: MIT
"""
GIT = f"""\
  - kind: git
    name: other
    url: https://example.org/other.git
    commit: "{"c" * 40}"
    tree: "{"d" * 40}"
    files: 1
    python_files: 1
    licence: Apache-2.0 OR MIT
"""


def _write(root: Path, text: str) -> Path:
    path = root / "fixtures" / "fixtures.lock.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_pins_of_both_kinds_are_read(tmp_path: Path) -> None:
    _write(tmp_path, HEAD + SDIST + GIT)

    pins = load_pins(tmp_path)

    assert list(pins)[:2] == ["demo", "other"]
    demo, other = pins["demo"], pins["other"]
    assert isinstance(demo, SdistPin)
    assert (str(demo), demo.reference) == ("demo 1.0", f"refs/pins/sdist/{'a' * 64}")
    assert isinstance(other, GitPin)
    assert (str(other), other.reference) == (f"other {'c' * 12}", f"refs/pins/git/{'c' * 40}")


def test_project_without_a_lock_file_has_the_shipped_pins(tmp_path: Path) -> None:
    pins = load_pins(tmp_path)

    shipped = {name: pin.version for name, pin in pins.items()}
    assert shipped.items() >= {"itsdangerous": "1.1.0", "cookiecutter": "1.7.3", "Django": "2.2.28"}.items()


def test_projects_own_pin_overrides_the_shipped_one(tmp_path: Path) -> None:
    own = _write(tmp_path, HEAD + SDIST.replace("name: demo", "name: click"))

    pins = load_pins(tmp_path)

    assert pins["click"].version == "1.0"
    assert pins["attrs"].version == "19.3.0"
    assert lock_files(tmp_path)[0] == own


def test_other_packages_pins_come_between(tmp_path: Path) -> None:
    own = _write(tmp_path / "own", HEAD + SDIST)
    added = _write(tmp_path / "added", HEAD + SDIST.replace("1.0", "2.0") + GIT.replace("name: other", "name: attrs"))

    pins = load_pins(tmp_path / "own", extra=[added, tmp_path / "absent.yaml", own])

    assert pins["demo"].version == "1.0"
    assert pins["attrs"].kind == "git"
    assert lock_files(tmp_path / "own", [added, own])[:2] == (own, added)


@pytest.mark.parametrize(
    ("before", "after", "line", "reason"),
    [
        ("licence: MIT", "license: MIT", 12, "unknown key 'license' in 'pins.0': did you mean 'licence'?"),
        ("a" * 64, "a" * 63, 7, "pins.0.sha256: expected text that matches"),
        ("a" * 64, "A" * 64, 7, "pins.0.sha256: expected text that matches"),
        ("b" * 40, "main", 9, "pins.0.tree: expected text that matches"),
        ("c" * 40, "v1.0", 16, "pins.1.commit: expected text that matches"),
        ("https://example.org/other.git", "ext::sh -c date", 15, "pins.1.url: expected text that matches"),
        ("https://example.org/other.git", "http://example.org/other.git", 15, "pins.1.url: expected text that matches"),
        ("demo-1.0.tar.gz", "../demo-1.0.tar.gz", 6, "pins.0.filename: expected text that matches"),
        ("demo-1.0.tar.gz", "demo-1.0.whl", 6, "pins.0.filename: expected text that matches"),
        ("name: demo", "name: ../demo", 4, "pins.0.name: expected text that matches"),
        ('version: "1.0"', "version: 1.0", 5, "pins.0.version: expected string, found 1.0"),
        ("size: 10", "size: 0", 8, "pins.0.size"),
        ("kind: sdist", "kind: wheel", 3, "pins.0: expected kind 'sdist' or kind 'git'"),
        ("name: other", "name: demo", 14, "pins demo 1.0 twice (first on line 4)"),
        ("    size: 10\n", "", 3, "the key 'size' is missing"),
        ("    size: 10\n", "    size: 10\n    size: 10\n", 9, "has the key 'size' twice"),
        ("fixtures-lock/1", "fixtures-lock/2", 1, "schema: expected 'pytest-orchestrator/fixtures-lock/1'"),
    ],
)
def test_wrong_lock_is_an_error_with_its_line(tmp_path: Path, before: str, after: str, line: int, reason: str) -> None:
    text = HEAD + SDIST + (SDIST.replace("demo", "other") if "twice (first" in reason else GIT)
    assert before in text
    _write(tmp_path, text.replace(before, after, 1))

    with pytest.raises(InputError) as caught:
        load_pins(tmp_path)

    assert (caught.value.path, caught.value.line) == ("fixtures/fixtures.lock.yaml", line)
    assert reason in caught.value.message


def test_lock_that_is_not_text_is_an_error(tmp_path: Path) -> None:
    _write(tmp_path, "").write_bytes(b"schema: \xff\n")

    with pytest.raises(InputError, match=r"fixtures/fixtures.lock.yaml:1: is not UTF-8"):
        load_pins(tmp_path)


@pytest.mark.parametrize("target", [None, "nowhere"])
def test_lock_that_is_not_a_file_is_an_error(tmp_path: Path, target: str | None) -> None:
    path = tmp_path / "fixtures" / "fixtures.lock.yaml"
    path.parent.mkdir()
    if target is None:
        path.mkdir()
    else:
        path.symlink_to(target)
    with pytest.raises(InputError, match="can't be read"):
        load_pins(tmp_path)


def test_several_versions_of_a_package_are_told_apart(tmp_path: Path) -> None:
    _write(tmp_path, HEAD + SDIST + SDIST.replace("1.0", "2.0") + SDIST.replace("demo", "single"))
    pins = load_pins(tmp_path)
    assert list(pins)[:3] == ["demo==1.0", "demo==2.0", "single"]
    assert str(get_pin(pins, "demo==2.0")) == "demo 2.0"
    assert get_pin(pins, "single==1.0") is get_pin(pins, "single")
    with pytest.raises(FixtureError, match="'demo' is pinned in several versions") as caught:
        get_pin(pins, "demo")
    assert caught.value.fix == "name one: demo==1.0, demo==2.0"
    for name in ("demo==3.0", "single==2.0"):
        with pytest.raises(FixtureError, match=f"there is no pin '{name}'"):
            get_pin(pins, name)

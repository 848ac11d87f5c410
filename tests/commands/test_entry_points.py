from __future__ import annotations

from pathlib import Path

from pytest_orchestrator.commands.entry_points import is_extended


def _package(folder: Path, name: str, entry_points: str) -> str:
    metadata = folder / name
    metadata.mkdir(parents=True)
    if entry_points:
        (metadata / "entry_points.txt").write_text(entry_points)
    return str(folder)


def test_package_that_declares_the_group_extends_us(tmp_path: Path) -> None:
    declared = _package(tmp_path / "one", "team-1.0.dist-info", "[console_scripts]\nx = y\n[our_group]\nteam = team\n")
    assert is_extended("our_group", search_path=[declared])
    assert is_extended("our_group", search_path=[_package(tmp_path / "two", "old.egg-info", "[our_group]\n")])


def test_other_packages_do_not(tmp_path: Path) -> None:
    other = _package(tmp_path / "one", "other-1.0.dist-info", "[our_group_2]\nx = y\n")
    bare = _package(tmp_path / "two", "bare-1.0.dist-info", "")
    assert not is_extended("our_group", search_path=[other, bare, str(tmp_path / "absent")])


def test_what_can_not_be_looked_into_may_extend_us(tmp_path: Path) -> None:
    archive = tmp_path / "archive.zip"
    archive.write_bytes(b"PK")
    assert is_extended("our_group", search_path=[str(archive)])
    (tmp_path / "eggs/old.egg").mkdir(parents=True)
    assert is_extended("our_group", search_path=[str(tmp_path / "eggs")])

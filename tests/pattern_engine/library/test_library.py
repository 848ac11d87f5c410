from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_orchestrator.errors import InputError, PatternError
from pytest_orchestrator.pattern_engine.library.library import library_folders, load_library

Write = Callable[..., Path]
STOCK = "libcst.codemod.commands.noop.NOOPCommand"


def test_patterns_come_sorted_and_the_first_folder_wins(tmp_path: Path, write_pattern: Write) -> None:
    write_pattern(tmp_path / "a", "two", code="A = 1", title="Mine")
    write_pattern(tmp_path / "b", "two", code="A = 1", title="Theirs")
    write_pattern(tmp_path / "b", "one", code="A = 1")
    (tmp_path / "b" / "no-pattern").mkdir()
    library = load_library([tmp_path / "a", tmp_path / "b"])
    assert [pattern.id for pattern in library.patterns] == ["one", "two"]
    assert library.get("two").title == "Mine"


def test_a_shadowed_pattern_is_not_even_read(tmp_path: Path, write_pattern: Write) -> None:
    write_pattern(tmp_path / "a", "two", code="A = 1")
    write_pattern(tmp_path / "b", "two", kind="nonsense")
    assert len(load_library([tmp_path / "a", tmp_path / "b"]).patterns) == 1


def test_a_link_to_nothing_is_a_pattern_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "patterns" / "two").mkdir(parents=True)
    (tmp_path / "patterns" / "two" / "pattern.yaml").symlink_to("nowhere.yaml")
    with pytest.raises(InputError, match=r"patterns/two/pattern\.yaml: can't be read: No such file"):
        load_library([tmp_path / "patterns"])


def test_folders_are_the_projects_own_then_extra_then_shipped(tmp_path: Path) -> None:
    (tmp_path / "patterns").mkdir()
    (tmp_path / "extra").mkdir()
    mine, extra, shipped = library_folders(tmp_path, [tmp_path / "extra", tmp_path / "absent"])
    assert (mine, extra) == (tmp_path / "patterns", tmp_path / "extra")
    assert (shipped / "super-no-args" / "pattern.yaml").is_file()
    assert library_folders(shipped.parent) == (shipped,)


@pytest.mark.parametrize("name", ["libcst.nowhere.Command", "nowhere.at.all.Command", "json.decoder.deeper.X"])
def test_a_stock_command_of_no_module_is_refused(name: str) -> None:
    with pytest.raises(PatternError, match="there is no module"):
        load_library([]).get(name)


def test_knowing_the_library_and_its_commands_does_not_import_libcst(tmp_path: Path, write_pattern: Write) -> None:
    write_pattern(tmp_path, "two", code="A = 1")
    code = f"""
import sys
from pathlib import Path
import pytest_orchestrator.pattern_engine.host.apply, pytest_orchestrator.pattern_engine.testing.checking
from pytest_orchestrator.pattern_engine.library.library import load_library
library = load_library([Path({str(tmp_path)!r})])
library.get({STOCK!r})
sys.exit("libcst" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

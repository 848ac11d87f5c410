"""Real code for comparisons with the tools that patterns come from, and what LibCST itself makes of it.

With `PYTEST_ORCHESTRATOR_TEST_PINS=all` comparisons take the other pins in the fixture store to the small ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import libcst as cst
from libcst.codemod import CodemodCommand, CodemodContext, SkipFile
from libcst.helpers import calculate_module_and_package

from pytest_orchestrator.api.patterns import Linter
from pytest_orchestrator.diagnostics import Range
from pytest_orchestrator.fixture_store.lock import load_pins
from pytest_orchestrator.fixture_store.store import default_store
from tests.pins import ALL_PINS, ROOT, SMALL_PINS, stored

OTHER_PINS = tuple(sorted(set(load_pins(ROOT)) - set(SMALL_PINS))) if ALL_PINS else ()


@dataclass(frozen=True, kw_only=True)
class Plain:
    """A file to run LibCST on in its own plain way: all of it, parsed once. `path` is relative to `root`."""

    root: Path
    path: str
    data: bytes

    @cached_property
    def module(self) -> cst.Module | None:
        """The file as LibCST sees it; None when LibCST can't give it back."""
        try:
            module = cst.parse_module(self.data)
        except (cst.ParserSyntaxError, UnicodeDecodeError, SyntaxError):
            return None
        return module if module.bytes == self.data else None

    def revised(self, command: type[CodemodCommand], parameters: Mapping[str, Any]) -> bytes | Exception:
        """What LibCST's own command line would write, or how it would crash."""
        assert self.module is not None
        names = calculate_module_and_package(self.root, self.root / self.path)
        filename = str(self.root / self.path)
        context = CodemodContext(filename=filename, full_module_name=names.name, full_package_name=names.package)
        try:
            return command(context, **parameters).transform_module(self.module).bytes
        except SkipFile:
            return self.data
        except Exception as error:
            return error

    def findings(self, linter: Linter) -> list[tuple[Range, str]]:
        """What the linter says of the file when it is shown every node."""
        if self._wrapper is None:
            return []
        self._wrapper.visit_batched([linter])
        return [(item.range, item.message) for item in sorted(set(linter.findings))]

    @cached_property
    def _wrapper(self) -> cst.MetadataWrapper | None:
        return None if self.module is None else cst.MetadataWrapper(self.module)


def files_of(pin: str, folder: Path) -> Iterator[Plain]:
    """The Python files of a pin, in order, laid out in `folder`; the test is skipped when it is not in the store."""
    root = folder / pin
    found = stored([pin])
    if not root.is_dir():
        default_store().checkout(found[pin], root)
    for path in sorted(root.rglob("*.py")):
        yield Plain(root=root, path=path.relative_to(root).as_posix(), data=path.read_bytes())

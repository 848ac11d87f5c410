"""`patterns new`: a working pattern with passing cases, to be edited."""

from __future__ import annotations

import keyword
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pytest_orchestrator.errors import InputError, UsageError
from pytest_orchestrator.pattern_engine.library.library import library_folders
from pytest_orchestrator.pattern_engine.pattern import ID, METADATA_FILE

Kind = Literal["codemod", "linter", "template"]


def create(root: Path, id_: str, kind: Kind) -> tuple[Path, ...]:
    """Write the folder `patterns/ID` of the project in `root`; the files written, relative to `root`.

    Raises:
        UsageError: the id is malformed.
        InputError: there is such a pattern already, here or among the shipped ones, or a file can't be written.
    """
    if not re.match(ID, id_):
        raise UsageError(f"{id_!r} is not a valid id", fix="use small letters and digits, with single dashes between")
    words = {
        "id": id_,
        "kind": kind,
        "title": id_.replace("-", " ").capitalize(),
        "class_name": _class_name(id_),
    }
    folder = Path("patterns", id_)
    written = []
    try:
        _refuse_taken(root, folder)
        for name, text in _FILES[kind].items():
            path = root / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_filled(text, words), encoding="utf-8")
            written.append(folder / name)
    except OSError as error:
        raise InputError(f"can't be written: {error.strerror or error}", path=folder.as_posix()) from error
    return tuple(written)


def _refuse_taken(root: Path, folder: Path) -> None:
    """A pattern of the project would replace a shipped one with the same id."""
    for library in library_folders(root):
        if (library / folder.name / METADATA_FILE).is_file():
            raise InputError(
                "a pattern with this id exists already",
                path=folder.as_posix(),
                fix=f"choose another id; the present one: pytest-orchestrator patterns show {folder.name}",
            )
    if os.path.lexists(root / folder):
        raise InputError("exists already", path=folder.as_posix(), fix="choose another id, or remove the folder")


def _class_name(id_: str) -> str:
    name = "".join(part.capitalize() for part in id_.split("-"))
    return name if name.isidentifier() and not keyword.iskeyword(name) else f"Pattern{name}"


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"<{name}>", value)
    return text.lstrip("\n")


_METADATA = """
schema: pytest-orchestrator/pattern/1
id: "<id>"
kind: <kind>
title: "<title>"
description: Say in one sentence what it does, and what it leaves alone.
tags: [example]
safety: unsafe                 # safe: the changed code certainly behaves the same
minimum_python: "3.0"          # the oldest Python on which the changed code is valid
"""

_README = """
# <title>

Say why, and show the code before and after. People and agents read this.
"""

_CODEMOD = '''
"""Calls of `old_name` become calls of `new_name`."""

from __future__ import annotations

import libcst as cst
from libcst.codemod import VisitorBasedCodemodCommand


class <class_name>(VisitorBasedCodemodCommand):
    """Rename calls of a function."""

    DESCRIPTION = "<title>."

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        """Replace the old name by the new one."""
        if isinstance(updated_node.func, cst.Name) and updated_node.func.value == "old_name":
            return updated_node.with_changes(func=cst.Name("new_name"))
        return updated_node
'''

_LINTER = '''
"""Calls of `old_name`."""

from __future__ import annotations

import libcst as cst

from pytest_orchestrator.api.patterns import Linter


class <class_name>(Linter):
    """Report calls of a function."""

    def visit_Call(self, node: cst.Call) -> None:
        """Check the name of the called function."""
        if isinstance(node.func, cst.Name) and node.func.value == "old_name":
            self.report(node.func, "old_name was removed: call new_name")
'''

_TRIGGER = """
trigger:
  text: ['\\\\bold_name\\\\b']    # a file without this is not parsed
""".replace("\\\\", "\\")

# A call of a method, of what a call gives, and of another name: each differs in one thing from what is looked for.
_OTHER_NAMES = "x = other.old_name(1)\nold_name = 2\ny = make(old_name)(3)\n"

_FILES: Mapping[Kind, Mapping[str, str]] = {
    "codemod": {
        "pattern.yaml": f"{_METADATA}entry: pattern.py:<class_name>{_TRIGGER}",
        "README.md": _README,
        "pattern.py": _CODEMOD,
        "cases/call/before.py": "x = old_name(1)  # a comment\n",
        "cases/call/after.py": "x = new_name(1)  # a comment\n",
        "cases/leave-other-names/before.py": _OTHER_NAMES,
    },
    "linter": {
        "pattern.yaml": f"{_METADATA}entry: pattern.py:<class_name>{_TRIGGER}",
        "README.md": _README,
        "pattern.py": _LINTER,
        "cases/call/before.py": "x = old_name(1)\n",
        "cases/call/expect.yaml": (
            "diagnostics:\n  - line: 1\n    column: 5\n    end_line: 1\n    end_column: 13\n"
            '    message: "old_name was removed: call new_name"\n'
        ),
        "cases/leave-other-names/before.py": _OTHER_NAMES,
    },
    "template": {
        "pattern.yaml": f"{_METADATA}parameters:\n  name:\n    type: string\n    description: Name of the reader.\n",
        "README.md": _README,
        "template.md": "Dear {{name}},\n",
        "cases/greeting/parameters.yaml": "name: reader\n",
        "cases/greeting/after.md": "Dear reader,\n",
    },
}

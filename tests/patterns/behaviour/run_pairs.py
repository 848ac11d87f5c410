"""Runs programs in pairs: reads lines of JSON, `[before, after]`, and answers with what each printed and raised."""

from __future__ import annotations

import collections
import collections.abc
import contextlib
import importlib
import io
import json
import os
import re
import sys
import time
import types
import unittest
import warnings
from typing import Any

_ADDRESS = re.compile(r"0x[0-9a-f]{4,}")
_BASES = re.compile(r" for bases .*", re.DOTALL)  # that a class can't be made says what it was made of
_STATEFUL = ("odd", "program")


def _run(text: str) -> tuple[str, str | None]:
    """What the program printed, and the exception that ended it."""
    for name in _STATEFUL:  # each program starts with values that none has changed
        sys.modules.pop(name, None)
    importlib.import_module("odd")
    module = sys.modules["program"] = types.ModuleType("program")
    output, raised = io.StringIO(), None
    with contextlib.redirect_stdout(output):
        try:
            exec(compile(text.encode(), "program.py", "exec", dont_inherit=True), module.__dict__)  # noqa: S102
        except BaseException as error:
            raised = _BASES.sub("", _ADDRESS.sub("0x", f"{type(error).__name__}: {error}"))
    return _ADDRESS.sub("0x", output.getvalue()), raised


def _restore_old_names() -> None:
    """Give the standard library the names that codemods replace, and that this Python has removed."""
    for name in collections.abc.__all__:
        setattr(collections, name, getattr(collections.abc, name))
    case: Any = unittest.TestCase
    for old, new in {"assert_": "assertTrue", "assertEquals": "assertEqual", "failIf": "assertFalse"}.items():
        setattr(case, old, getattr(case, new))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    os.environ["TZ"] = "ODD-5:30"  # where local time is no other zone's
    time.tzset()
    _restore_old_names()
    for line in sys.stdin:
        print(json.dumps([_run(text) for text in json.loads(line)]), flush=True)  # noqa: T201 - the answer

"""Counts the calls of the package's functions in this process, and writes them to `PYTHON_CALL_COUNTS` at its end.

The name begins like that of one of Python's own variables: a worker knows no others.
Python imports this module by itself when `PYTHONPATH` names its folder.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
import threading
from collections import Counter
from pathlib import Path
from types import FrameType

_PACKAGE = f"{os.sep}pytest_orchestrator{os.sep}"
_calls = Counter[str]()


def _count(frame: FrameType, event: str, _: object) -> None:
    code = frame.f_code
    if event == "call" and _PACKAGE in code.co_filename and code.co_name != "<module>":
        _calls[f"{code.co_filename.rpartition(_PACKAGE)[2]} {code.co_name}"] += 1


def _write() -> None:
    sys.setprofile(None)
    Path(os.environ["PYTHON_CALL_COUNTS"], f"{os.getpid()}.json").write_text(json.dumps(_calls))


atexit.register(_write)
threading.setprofile(_count)
sys.setprofile(_count)

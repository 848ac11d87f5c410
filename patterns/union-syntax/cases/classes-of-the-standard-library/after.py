import collections.abc
import ctypes
import http
import os
import signal
import subprocess
import xml.etree.ElementTree as ET
from tempfile import TemporaryDirectory


def f(
    a: ET.Element | None,
    b: ET.ElementTree | TemporaryDirectory,
    c: subprocess.Popen[bytes] | None,
    d: signal.Signals | http.HTTPStatus,
    e: ctypes.c_int | None,
    g: collections.abc.Mapping[str, int] | None,
    h: str | os.PathLike[str] | OSError,
): ...

import collections.abc
import ctypes
import http
import os
import signal
import subprocess
import xml.etree.ElementTree as ET
from tempfile import TemporaryDirectory
from typing import Optional, Union


def f(
    a: Optional[ET.Element],
    b: Union[ET.ElementTree, TemporaryDirectory],
    c: Optional[subprocess.Popen[bytes]],
    d: Union[signal.Signals, http.HTTPStatus],
    e: Optional[ctypes.c_int],
    g: Optional[collections.abc.Mapping[str, int]],
    h: Union[str, os.PathLike[str], OSError],
): ...

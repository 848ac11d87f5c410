"""What the codemod rewrites names one class, on this Python too."""

from __future__ import annotations

import importlib
from collections.abc import Callable

import pytest

Transform = Callable[[str, str], str]

ALIASES = ["mmap.error", "os.error", "resource.error", "select.error", "socket.error"]


@pytest.mark.parametrize("alias", [*ALIASES, "builtins.IOError", "builtins.EnvironmentError"])
def test_an_alias_is_the_class_itself(alias: str) -> None:
    module, _, name = alias.rpartition(".")
    assert getattr(importlib.import_module(module), name) is OSError


@pytest.mark.parametrize("alias", ALIASES)
def test_an_alias_is_known_however_it_is_imported(alias: str, transform: Transform) -> None:
    module, _, name = alias.rpartition(".")
    for imported, used in [
        (f"import {module}", alias),
        (f"import {module} as short", f"short.{name}"),
        (f"from {module} import {name}", name),
        (f"from {module} import {name} as Other", "Other"),
    ]:
        assert transform("io-error-alias", f"{imported}\nraise {used}(1)\n") == f"{imported}\nraise OSError(1)\n"

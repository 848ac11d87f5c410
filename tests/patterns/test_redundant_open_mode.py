"""Whatever mode the codemod shortens opens the file in the same way."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

Transform = Callable[[str, str], str]


def _opened(call: str, path: Path) -> object:
    path.unlink(missing_ok=True)
    if "x" not in call.partition(",")[2]:
        path.write_text("text\n", encoding="utf-8")
    try:
        with eval(call, {"path": path}) as file:  # noqa: S307 - our own text
            return type(file), file.readable(), file.writable(), file.encoding, file.tell(), path.read_bytes()
    except (OSError, ValueError, AttributeError) as error:
        return type(error)


def test_a_shorter_mode_opens_the_same(transform: Transform, tmp_path: Path) -> None:
    short = [letters for length in (1, 2) for letters in itertools.product("rwaxtbU+", repeat=length)]
    modes = ["".join(letters) for letters in [*short, *itertools.permutations("rwtb+", 3)]]
    before = [f'open(path, "{mode}", encoding="latin-1")' for mode in modes]

    after = transform("redundant-open-mode", "\n".join(before)).split("\n")

    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) > 20
    for old, new in changed:
        assert _opened(old, tmp_path / "file") == _opened(new, tmp_path / "file"), (old, new)

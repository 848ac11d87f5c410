"""Prints the section of a tag's version from `CHANGELOG.md`: `python .github/release_notes.py v1.2.3`."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def release_notes(tag: str, *, version: str, changelog: str) -> str:
    """The text under the heading `## <version> (<date>)`.

    Raises:
        ValueError: the tag is not the version's, or the changelog has no dated section for it.
    """
    if tag != f"v{version}":
        raise ValueError(f"pyproject.toml: the version is {version}, and the tag is {tag}")
    section = re.search(
        rf"^## {re.escape(version)} \(\d{{4}}-\d\d-\d\d\)\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL
    )
    if section is None:
        raise ValueError(f"CHANGELOG.md: there is no heading '## {version} (<date>)'")
    return section[1].strip() + "\n"


def main(tag: str) -> int:
    """Print the notes; 1 with the reason when there are none."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    try:
        sys.stdout.write(release_notes(tag, version=version, changelog=changelog))
    except ValueError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

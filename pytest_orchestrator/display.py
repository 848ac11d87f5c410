"""Untrusted text, made safe for a terminal or a log, and short.

A file name may hold any byte but NUL and `/`: an escape sequence that rewrites the screen, a line end that forges a
line of our output, bytes that are not text. A URL may hold a password.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

Style = Literal["red", "yellow", "green", "dim"]
_CODES: Mapping[Style, str] = {"red": "31", "yellow": "33", "green": "32", "dim": "2"}
_MAX_QUOTED = 100

# Control characters, lone surrogates (bytes that are not UTF-8), line and paragraph separators.
_HIDDEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
_USERINFO = re.compile(r"(?<=://)[^/?#\s@]+(?:@[^/?#\s@]+)*@")
# Parameters by which package indexes, object stores and OAuth take credentials, in the query or the fragment of a URL.
# Either the end of the name says so (`X-Amz-Signature`, `accessToken`), or the whole name (`key`, but not `sort_key`).
# The separators can't be part of a name, so each character is looked at once for each ending.
_SECRET_PARAMETER = re.compile(
    r"(?<=[?&#;])("
    r"[\w-]*(?:token|secret|signature|password|passwd|passphrase|pwd|credentials?|jwt"
    r"|(?:api|access|account|auth|private|secret|shared|sign|signing|subscription)[_-]?key(?:[_-]?id)?)"
    r"|(?:[\w-]*[_-])?(?:auth|sig)"
    r"|key|code"
    r")=[^&#\s\"']+",
    re.IGNORECASE,
)


def printable(text: str, *, keep: str = "") -> str:
    """`text` with its control characters, lone surrogates and separators escaped, except those in `keep`."""
    if text.isprintable():
        return text
    return "".join(
        char.encode("unicode_escape").decode() if unicodedata.category(char) in _HIDDEN and char not in keep else char
        for char in text
    )


def printable_block(text: str) -> str:
    """`text` with its control characters escaped, except line ends and tabs."""
    return printable(text, keep="\n\r\t")


def redact_urls(text: str) -> str:
    """`text` with `***` for the user and password of every URL in it (RFC 3986, 3.2.1) and its secret parameters."""
    return _SECRET_PARAMETER.sub(r"\1=***", _USERINFO.sub("***@", text))


def relative_name(path: Path, root: Path) -> str:
    """A file's name in messages: with slashes and relative to the folder `root`, if it is below."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def listed(names: Sequence[str], *, at_most: int = 5) -> str:
    """The first names, joined with commas, and the number of further ones."""
    more = f" and {len(names) - at_most} more" if len(names) > at_most else ""
    return ", ".join(names[:at_most]) + more


def shorten(text: str, max_characters: int = 60) -> str:
    """`text`, with `...` in place of what is too long."""
    return text if len(text) <= max_characters else f"{text[: max_characters - 3]}..."


def painted(text: str, style: Style, *, colour: bool) -> str:
    """`text` in a style of ANSI terminals; as it is without `colour`."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if colour else text


def quoted_line(number: int, line: str | None, *, colour: bool) -> Sequence[str]:
    """A line of a file, shortened, to be shown below what is said about it; none if there is nothing to show."""
    text = shorten(printable(line.strip()), _MAX_QUOTED) if line else ""
    return [painted(f"  {number} | {text}", "dim", colour=colour)] if text else []


def workflow_command(name: str, message: str, **properties: str | int) -> str:
    """A workflow command that GitHub Actions displays as an annotation, on one line.

    The format is that of https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
    """
    fields = ",".join(
        f"{key}={_escaped(str(value)).replace(':', '%3A').replace(',', '%2C')}" for key, value in properties.items()
    )
    return f"::{name} {fields}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return printable(text, keep="\r\n").replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

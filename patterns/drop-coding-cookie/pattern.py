"""`# -*- coding: utf-8 -*-` -> nothing.

PEP 263 has Python look for a cookie in the first two lines, in the second only below a comment or an empty line. When
one goes, the third line becomes the second: a cookie there, which had no effect so far, would count.
"""

from __future__ import annotations

import re

import libcst as cst
from libcst.codemod import VisitorBasedCodemodCommand

# What Python takes for a cookie, and a comment that holds one for UTF-8 and nothing else.
_COOKIE = re.compile(r"[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")
_ONLY_UTF_8 = re.compile(r"#\W*(?:en)?coding[:=][ \t]*utf-?8(?![-.\w])\W*", re.I)


class DropCodingCookie(VisitorBasedCodemodCommand):
    """Remove the comment that declares Python's default encoding."""

    DESCRIPTION = "Drop the UTF-8 encoding declaration."

    def visit_Module(self, node: cst.Module) -> bool:  # noqa: ARG002 - LibCST passes it by name
        """Nothing below the first lines matters."""
        return False

    def leave_Module(self, original_node: cst.Module, updated_node: cst.Module) -> cst.Module:  # noqa: ARG002
        """Drop the line."""
        lines = updated_node.header
        cookies = [index for index, line in enumerate(lines[:3]) if line.comment and _COOKIE.match(line.comment.value)]
        match cookies:
            case [(0 | 1) as index] if _is_only_utf_8(lines[index]):
                return updated_node.with_changes(header=[*lines[:index], *lines[index + 1 :]])
        return updated_node


def _is_only_utf_8(line: cst.EmptyLine) -> bool:
    return line.comment is not None and _ONLY_UTF_8.fullmatch(line.comment.value) is not None

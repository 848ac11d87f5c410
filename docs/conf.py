"""The documentation site, built by `make docs` with Sphinx.

The source folder is the repository, so that a link from page to page is the same here and on a forge. The pages are
plain Markdown: the tables of contents are added here.
"""

from __future__ import annotations

import re
from importlib import metadata

from sphinx.application import Sphinx

project = "pytest-orchestrator"
release = metadata.version(project)
root_doc = "README"
include_patterns = [
    "*.md",
    "docs/*.md",
    "docs/rules/*.md",
    "docs/specs/*.md",
    "patterns/README.md",
    "patterns/*/README.md",
]
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_heading_anchors = 4

html_theme = "furo"
html_title = project
html_show_sourcelink = False
html_extra_path = ["index.html"]  # leads to the root document, whose name is README

autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}

_CONTENTS = {
    "README": {
        "Guides": [
            "docs/spec-guard",
            "docs/running-patterns",
            "docs/writing-patterns",
            "docs/evaluation",
            "docs/fixtures",
            "docs/mcp",
            "docs/editor",
        ],
        "Reference": ["patterns/README", "docs/api", "docs/performance"],
        "Project": ["docs/architecture", "CONTRIBUTING", "SECURITY", "CHANGELOG"],
    },
    "docs/spec-guard": {"Reference": ["loosenings"], "Rules": ["rules/*"]},
    "docs/architecture": {"Specs": ["specs/*"]},
    "patterns/README": {"Patterns": ["*/README"]},
}


def setup(app: Sphinx) -> None:
    """Add the tables of contents to pages, and read the backticks of docstrings as Markdown does."""
    app.connect("source-read", _add_contents)
    app.connect("autodoc-process-docstring", _convert_docstring, priority=400)  # before Napoleon


def _add_contents(_app: Sphinx, page: str, source: list[str]) -> None:
    for caption, pages in _CONTENTS.get(page, {}).items():
        entries = "\n".join(pages)
        source[0] += f"\n```{{toctree}}\n:hidden:\n:glob:\n:caption: {caption}\n\n{entries}\n```\n"


def _convert_docstring(
    _app: Sphinx, what: str, _name: str, _object: object, _options: object, lines: list[str]
) -> None:
    """Mark code as reStructuredText does: with two backticks, and a blank that isn't printed before letters.

    Napoleon takes the first line of an attribute's docstring up to a colon for its type, so it gets an empty one.
    """
    text = re.sub(r"(?<!`)`([^`]+)`(?!`)(\w?)", _literal, "\n".join(lines))
    lines[:] = [""] * (what == "attribute") + text.split("\n")


def _literal(code: re.Match[str]) -> str:
    return f"``{code[1]}``" + (f"\\ {code[2]}" if code[2] else "")

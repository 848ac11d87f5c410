"""Templates: text with `{{parameter}}` placeholders, for people and agents to read. Rendering runs no code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.errors import InputError, PatternError
from pytest_orchestrator.files import read_text
from pytest_orchestrator.pattern_engine.pattern import Pattern, bind

TEMPLATE_FILE = "template.md"
_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")


def render(pattern: Pattern, parameters: Mapping[str, Any]) -> str:
    """The template's text with the parameters filled in; booleans read `true` and `false`.

    Raises:
        PatternError: the pattern is no template, or a parameter is unknown, missing or wrong.
        InputError: a placeholder is not declared; with its line.
    """
    if pattern.kind != "template" or pattern.folder is None:
        raise PatternError(f"pattern {pattern.id!r} is a {pattern.kind}, not a template")
    values = bind(pattern, parameters).parameters
    display_path = f"{pattern.id}/{TEMPLATE_FILE}"
    text = read_text(pattern.folder / TEMPLATE_FILE, max_bytes=1 << 20, display_path=display_path)

    def fill(placeholder: re.Match[str]) -> str:
        name = placeholder[1]
        if name not in values:
            raise InputError(
                f"the placeholder {placeholder[0]} is not a parameter: {did_you_mean(name, values)}",
                path=display_path,
                line=text.count("\n", 0, placeholder.start()) + 1,
                fix="declare it in pattern.yaml or correct its name",
            )
        value = values[name]
        return str(value).lower() if isinstance(value, bool) else str(value)

    return _PLACEHOLDER.sub(fill, text)

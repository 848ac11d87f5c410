from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_orchestrator.errors import InputError, PatternError
from pytest_orchestrator.pattern_engine.library.template import render
from pytest_orchestrator.pattern_engine.pattern import Pattern, read_pattern

Write = Callable[..., Path]
PARAMETERS = """
  name: {type: string, description: Whose.}
  size: {type: integer, description: How large., default: 3}
  deep: {type: boolean, description: Whether., default: true}"""


@pytest.fixture
def template(tmp_path: Path, write_pattern: Write) -> Callable[[str], Pattern]:
    def make(text: str) -> Pattern:
        files = {"template.md": text}
        return read_pattern(
            write_pattern(tmp_path, "one", kind="template", entry="", parameters=PARAMETERS, files=files)
        )

    return make


def test_placeholders_are_filled_in_and_nothing_else_is(template: Callable[[str], Pattern]) -> None:
    pattern = template("{{name}} {{ size }} {{deep}} {name} {{1}} {{ two words }}\n")
    assert render(pattern, {"name": "{{size}}"}) == "{{size}} 3 true {name} {{1}} {{ two words }}\n"


def test_an_unknown_placeholder_is_an_error_with_its_line(template: Callable[[str], Pattern]) -> None:
    with pytest.raises(InputError, match="did you mean 'size'") as caught:
        render(template("\n\n{{sise}}\n"), {"name": "x"})
    assert (caught.value.path, caught.value.line) == ("one/template.md", 3)


def test_wrong_parameters_are_refused(template: Callable[[str], Pattern]) -> None:
    with pytest.raises(PatternError, match="needs the parameter 'name'"):
        render(template(""), {})


def test_a_codemod_is_not_rendered(tmp_path: Path, write_pattern: Write) -> None:
    with pytest.raises(PatternError, match="is a codemod, not a template"):
        render(read_pattern(write_pattern(tmp_path, "one", code="x = 1")), {})

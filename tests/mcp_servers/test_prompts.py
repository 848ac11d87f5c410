from __future__ import annotations

from typing import Any

import pytest
from mcp.shared.exceptions import MCPError

Caller = Any


def prompt(caller: Caller, name: str, /, **arguments: str) -> str:
    [message] = caller.ask("get_prompt", name, arguments).messages
    assert message.role == "user"
    return str(message.content.text)


def test_each_pattern_is_a_prompt_with_its_arguments(caller: Caller) -> None:
    found = {item.name: item.arguments for item in caller.ask("list_prompts").prompts}

    assert list(found) == ["letter", "no-old", "rename-old"]
    assert [(argument.name, argument.required) for argument in found["letter"]] == [
        ("name", True),
        ("times", False),
        ("loud", False),
        ("weight", False),
        ("tone", False),
    ]
    assert [(argument.name, argument.required) for argument in found["no-old"]] == [("paths", False)]


def test_codemod_teaches_to_call_the_tool_and_to_go_on_by_hand(caller: Caller) -> None:
    text = prompt(caller, "rename-old", paths="src tests")

    assert 'patterns.apply with {"patterns": ["rename-old"], "paths": ["src", "tests"]}' in text
    assert "Before: `old`" in text


def test_linter_teaches_to_report(caller: Caller) -> None:
    text = prompt(caller, "no-old")

    assert text.startswith("Report every occurrence in the current code")
    assert 'patterns.lint with {"patterns": ["no-old"]}' in text


def test_template_is_rendered_with_its_arguments(caller: Caller) -> None:
    assert prompt(caller, "letter", name="Ada") == "Hello Ada, 1 times. false 0.5 warm\n"
    text = prompt(caller, "letter", name="Ada", times="3", loud="true", weight="2.5", tone="cold")
    assert text == "Hello Ada, 3 times. true 2.5 cold\n"


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("letter", {}, "needs the argument 'name': Whom to greet"),
        ("lettre", {}, "no prompt 'lettre': did you mean 'letter'"),
        ("letter", {"name": "Ada", "times": "often"}, "parameter 'times' of pattern 'letter': expected a value of"),
        (
            "letter",
            {"name": "Ada", "loud": "yes"},
            "parameter 'loud' of pattern 'letter': expected a value of",
        ),
        ("letter", {"name": "Ada", "tone": "sour"}, "parameter 'tone' of pattern 'letter': expected one of warm, cold"),
        ("rename-old", {"path": "src"}, "no argument 'path': did you mean 'paths'"),
    ],
)
def test_refusal_names_the_problem(caller: Caller, name: str, arguments: dict[str, str], message: str) -> None:
    with pytest.raises(MCPError, match=message):
        prompt(caller, name, **arguments)

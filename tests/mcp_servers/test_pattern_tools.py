from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pytest_orchestrator.codec.decode import decode_json
from pytest_orchestrator.diagnostics import Range
from pytest_orchestrator.mcp_servers.server import build_server
from pytest_orchestrator.pattern_engine.results import ApplyReport, Edited, Found

# The fixtures' classes live in conftest.py, which can't be imported by name.
Caller = Any
Endless = Any


def report(caller: Caller, tool: str, **arguments: Any) -> ApplyReport:
    return decode_json(ApplyReport, caller.ok(tool, **arguments), path="report")


def test_list_names_every_pattern(caller: Caller) -> None:
    found = caller.ok("patterns.list")["patterns"]

    assert [(item["id"], item["kind"]) for item in found] == [
        ("letter", "template"),
        ("no-old", "linter"),
        ("rename-old", "codemod"),
    ]


def test_list_filters_by_kind_and_tag(caller: Caller) -> None:
    assert [item["id"] for item in caller.ok("patterns.list", kind="linter")["patterns"]] == ["no-old"]
    assert [item["id"] for item in caller.ok("patterns.list", tag="names")["patterns"]] == ["no-old", "rename-old"]
    assert caller.ok("patterns.list", kind="codemod", tag="strict") == {"patterns": []}


def test_show_gives_the_readme_and_a_schema_of_the_parameters(caller: Caller) -> None:
    details = caller.ok("patterns.show", pattern="rename-old")

    assert "Before: `old`" in details["readme"]
    validator = jsonschema.Draft202012Validator(details["parameters"])
    assert validator.is_valid({"to": "x"})
    assert validator.is_valid({})
    assert not validator.is_valid({"too": "x"})
    letter = caller.ok("patterns.show", pattern="letter")["parameters"]
    assert letter["required"] == ["name"]
    assert letter["properties"]["tone"]["enum"] == ["warm", "cold"]


def test_show_takes_libcst_commands_by_their_dotted_name(caller: Caller) -> None:
    name = "libcst.codemod.commands.noop.NOOPCommand"

    assert caller.ok("patterns.show", pattern=name)["kind"] == "codemod"


def test_apply_refuses_newer_python_than_the_project_supports(caller: Caller, workspace: Path) -> None:
    (workspace / "pyproject.toml").write_text('[project]\nrequires-python = ">=2.7"\n')
    before = workspace.joinpath("one.py").read_text()

    message = caller.refusal("patterns.apply", patterns=["rename-old"])

    assert "'rename-old': it writes Python 3.6, and requires-python in pyproject.toml allows 2.7" in message
    assert workspace.joinpath("one.py").read_text() == before
    assert report(caller, "patterns.lint", patterns=["no-old"]).counts["found"] > 0


def test_code_of_others_does_not_choose_what_runs_on_it(
    connected: Callable[[Any, str], AbstractContextManager[Caller]], workspace: Path, library: Path, mode: str
) -> None:
    (workspace / "pyproject.toml").write_text('[project]\nrequires-python = ">=2.7"\n')
    with connected(build_server(workspace, [library], limit_python=False), mode) as caller:
        assert report(caller, "patterns.apply", patterns=["rename-old"]).counts["edited"] > 0


def test_apply_edits_the_files_and_reports_each(caller: Caller, workspace: Path) -> None:
    found = report(caller, "patterns.apply", patterns=["rename-old", "no-old"])

    assert workspace.joinpath("one.py").read_text() == "renamed = 1\n"
    assert found.examined == 2
    edited, diagnosed = found.files
    assert isinstance(edited, Edited)
    assert (edited.path, edited.patterns) == ("one.py", ("rename-old",))
    assert isinstance(diagnosed, Found)
    [diagnostic] = diagnosed.diagnostics
    assert diagnostic.range == Range(start_line=1, start_column=1, end_line=1, end_column=4)
    assert (found.counts["edited"], found.counts["unchanged"], found.counts["diagnostics"]) == (1, 1, 1)


def test_apply_takes_parameters_by_pattern(caller: Caller, workspace: Path) -> None:
    caller.ok("patterns.apply", patterns=["rename-old"], parameters={"rename-old": {"to": "other"}})

    assert workspace.joinpath("one.py").read_text() == "other = 1\n"


def test_apply_keeps_to_the_paths(caller: Caller, workspace: Path) -> None:
    workspace.joinpath("package", "three.py").write_text("old = 3\n")

    found = report(caller, "patterns.apply", patterns=["rename-old"], paths=["package/*.py"])

    assert [item.path for item in found.files] == ["package/three.py"]
    assert workspace.joinpath("one.py").read_text() == "old = 1\n"


@pytest.mark.parametrize("given", ["relative", "absolute"])
def test_apply_can_narrow_the_workspace(caller: Caller, workspace: Path, given: str) -> None:
    workspace.joinpath("package", "two.py").write_text("old = 2\n")
    narrow = "package" if given == "relative" else str(workspace / "package")

    found = report(caller, "patterns.apply", patterns=["rename-old"], workspace=narrow)

    assert [item.path for item in found.files] == ["two.py"]
    assert workspace.joinpath("one.py").read_text() == "old = 1\n"


def test_lint_reports_and_writes_nothing(caller: Caller, workspace: Path) -> None:
    found = report(caller, "patterns.lint")

    [finding] = found.files
    assert isinstance(finding, Found)
    assert [item.rule for item in finding.diagnostics] == ["no-old"]
    assert workspace.joinpath("one.py").read_text() == "old = 1\n"


def test_lint_refuses_a_codemod(caller: Caller, workspace: Path) -> None:
    refusal = caller.refusal("patterns.lint", patterns=["rename-old"])

    assert "'rename-old' is a codemod, and patterns.lint runs only linters" in refusal
    assert "use patterns.apply" in refusal
    assert workspace.joinpath("one.py").read_text() == "old = 1\n"


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("patterns.apply", {"patterns": ["rename-odl"]}, "did you mean 'rename-old'"),
        (
            "patterns.aply",
            {"patterns": ["rename-old"]},
            "there is no tool 'patterns.aply': did you mean 'patterns.apply'",
        ),
        ("patterns.show", {"pattern": "rename-odl"}, "did you mean 'rename-old'"),
        ("patterns.apply", {"patterns": ["letter"]}, "'letter' is a template, which is a text and can't be applied"),
        ("patterns.apply", {"patterns": []}, "argument patterns: list should have at least 1 item"),
        ("patterns.apply", {"patterns": "one"}, "argument patterns: input should be a valid list, found 'one'"),
        ("patterns.apply", {}, "argument patterns: field required"),
        ("patterns.apply", {"patern": ["rename-old"]}, "unknown argument 'patern': did you mean 'patterns'"),
        ("patterns.list", {"kind": "lint"}, "argument kind: input should be 'codemod', 'linter' or 'template'"),
        (
            "patterns.apply",
            {"patterns": ["rename-old"], "parameters": {"rename-old": {"to": 3}}},
            "parameter 'to' of pattern 'rename-old': expected a value of type string, found 3",
        ),
        (
            "patterns.apply",
            {"patterns": ["rename-old"], "parameters": {"rename-old": {"too": "x"}}},
            "no parameter 'too': did you mean 'to'",
        ),
        (
            "patterns.apply",
            {"patterns": ["rename-old"], "parameters": {"no-old": {}}},
            "'no-old', which is not one of the patterns",
        ),
        ("patterns.apply", {"patterns": ["rename-old"], "paths": ["absent.py"]}, "does not exist"),
        ("patterns.apply", {"patterns": ["rename-old"], "paths": ["../outside.py"]}, "is outside of the workspace"),
        ("patterns.apply", {"patterns": ["rename-old"], "paths": ["link.py"]}, "is a symbolic link"),
        ("patterns.apply", {"patterns": ["rename-old"], "workspace": ".."}, "is outside of the workspace"),
        ("patterns.apply", {"patterns": ["rename-old"], "workspace": "link"}, "is outside the workspace"),
        ("patterns.apply", {"patterns": ["rename-old"], "workspace": "/"}, "is outside the workspace"),
        ("patterns.apply", {"patterns": ["rename-old"], "workspace": "absent"}, "is not a folder"),
    ],
)
def test_refusal_names_the_problem_and_changes_nothing(
    caller: Caller, workspace: Path, tool: str, arguments: dict[str, Any], message: str
) -> None:
    outside = workspace.parent / "outside.py"
    outside.write_text("old = 0\n")
    workspace.joinpath("link.py").symlink_to(outside)
    workspace.joinpath("link").symlink_to(workspace.parent)

    assert message in caller.refusal(tool, **arguments)

    assert outside.read_text() == "old = 0\n"
    assert workspace.joinpath("one.py").read_text() == "old = 1\n"


def test_workspace_that_is_gone_is_refused_in_words(caller: Caller, workspace: Path) -> None:
    workspace.rename(workspace.with_name("moved"))

    assert "is not a folder" in caller.refusal("patterns.apply", patterns=["rename-old"])


def test_absolute_path_is_refused_even_inside(caller: Caller, workspace: Path) -> None:
    refusal = caller.refusal("patterns.apply", patterns=["rename-old"], paths=[str(workspace / "one.py")])

    assert "is outside of the workspace" in refusal


def test_progress_ends_with_all_files(caller: Caller) -> None:
    progress: list[tuple[float, float | None]] = []

    async def listen(done: float, total: float | None, _message: str | None) -> None:
        progress.append((done, total))

    caller.portal.call(caller.client.call_tool, "patterns.apply", {"patterns": ["rename-old"]}, None, listen)

    assert progress[-1] == (2, 2)
    assert progress == sorted(progress)


def test_cancelled_call_stops_at_once_and_the_server_goes_on(caller: Caller, workspace: Path, endless: Endless) -> None:
    workspace.joinpath("two.py").write_text("loop_for_ever = old = 2\n")
    workspace.joinpath("zwei.py").write_text("old = 3\n")

    future = caller.portal.start_task_soon(caller.client.call_tool, "patterns.apply", {"patterns": ["rename-old"]})
    endless.wait_until_begun()
    future.cancel()

    assert len(caller.ok("patterns.list")["patterns"]) == 3
    # A run waits for its turn, so after this one nothing is left of the cancelled one.
    assert report(caller, "patterns.lint", paths=["package"]).examined == 1
    assert workspace.joinpath("one.py").read_text() == "renamed = 1\n"
    assert workspace.joinpath("two.py").read_text() == "loop_for_ever = old = 2\n"
    assert workspace.joinpath("zwei.py").read_text() == "old = 3\n"
    endless.wait_until_gone()


def test_every_tool_describes_itself(caller: Caller) -> None:
    tools = {tool.name: tool for tool in caller.ask("list_tools").tools}

    assert set(tools) == {"patterns.list", "patterns.show", "patterns.apply", "patterns.lint", "spec.check"}
    for tool in tools.values():
        assert tool.title
        assert tool.description
        assert tool.input_schema["additionalProperties"] is False
        assert all(argument["description"] for argument in tool.input_schema["properties"].values())
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
        assert tool.output_schema is not None
        jsonschema.Draft202012Validator.check_schema(tool.output_schema)
        assert tool.annotations is not None
        assert tool.annotations.open_world_hint is False


def test_only_apply_writes(caller: Caller) -> None:
    annotations = {tool.name: tool.annotations for tool in caller.ask("list_tools").tools}

    assert annotations["patterns.apply"].destructive_hint is True
    assert [name for name, found in annotations.items() if not found.read_only_hint] == ["patterns.apply"]


def test_text_and_structured_content_are_equal(caller: Caller) -> None:
    result = caller.call("patterns.list")

    [block] = result.content
    assert block.type == "text"
    assert caller.ok("patterns.list") == result.structured_content
    assert '"id":"letter"' in block.text

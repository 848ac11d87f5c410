from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pytest_orchestrator.codec.decode import decode_json
from pytest_orchestrator.commands.mcp.serve import pattern_server
from pytest_orchestrator.diagnostics import Range
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.library.library import shipped_folder
from pytest_orchestrator.pattern_engine.results import ApplyReport, Edited, Found
from tests.conftest import WritePattern

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

    assert "rename-old: it writes Python 3.6, and requires-python in pyproject.toml allows 2.7" in message
    assert workspace.joinpath("one.py").read_text() == before
    assert report(caller, "patterns.lint", patterns=["no-old"]).counts["found"] > 0


def test_codemod_is_skipped_in_files_that_are_for_an_older_python(caller: Caller, workspace: Path) -> None:
    workspace.joinpath("package", "two.py").write_text("old = 2\n")
    workspace.joinpath("package", "pyproject.toml").write_text('[project]\nrequires-python = ">=2.7"\n')

    found = caller.ok("patterns.apply", patterns=["rename-old"], allow_dirty=True)

    assert [file["path"] for file in found["files"]] == ["one.py"]
    [skipped] = found["skipped"]
    assert skipped.startswith("skipped rename-old in 1 of 2 files: it writes Python 3.6, and")


def test_an_evaluation_asks_neither_git_nor_the_checkout_and_examines_every_file(
    connected: Callable[[Any, str], AbstractContextManager[Caller]], workspace: Path, library: Path, mode: str
) -> None:
    (workspace / "pyproject.toml").write_text('[project]\nrequires-python = ">=2.7"\n')
    workspace.joinpath("bad.py").write_text("print 'nothing that a pattern looks for'\n")
    with (
        WorkerHandle() as worker,
        connected(pattern_server(workspace, [library], [worker], evaluation=True), mode) as caller,
    ):
        found = report(caller, "patterns.apply", patterns=["rename-old"])

    assert (found.counts["edited"], found.counts["rejected"]) == (1, 1)


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

    found = report(caller, "patterns.apply", patterns=["rename-old"], paths=["package/*.py"], allow_dirty=True)

    assert [item.path for item in found.files] == ["package/three.py"]
    assert workspace.joinpath("one.py").read_text() == "old = 1\n"


@pytest.mark.parametrize("given", ["relative", "absolute"])
def test_apply_can_narrow_the_workspace(caller: Caller, workspace: Path, given: str) -> None:
    workspace.joinpath("package", "two.py").write_text("old = 2\n")
    narrow = "package" if given == "relative" else str(workspace / "package")

    found = report(caller, "patterns.apply", patterns=["rename-old"], workspace=narrow, allow_dirty=True)

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
    consent = {"allow_dirty": True} if tool == "patterns.apply" else {}

    assert message in caller.refusal(tool, **consent, **arguments)

    assert outside.read_text() == "old = 0\n"
    assert workspace.joinpath("one.py").read_text() == "old = 1\n"


def test_workspace_that_is_gone_is_refused_in_words(caller: Caller, workspace: Path) -> None:
    workspace.rename(workspace.with_name("moved"))

    assert "is not a folder" in caller.refusal("patterns.apply", patterns=["rename-old"])


@pytest.mark.parametrize("through", ["", "link"])
def test_absolute_path_inside_the_workspace_is_allowed(caller: Caller, workspace: Path, through: str) -> None:
    link = workspace.parent / "link"
    link.symlink_to(workspace)
    path = str((link if through else workspace) / "one.py")

    assert report(caller, "patterns.lint", paths=[path]).examined == 1
    assert "is outside of the workspace" in caller.refusal("patterns.lint", paths=["/etc/one.py"])


def test_files_that_git_could_not_restore_are_written_only_with_consent(caller: Caller, workspace: Path) -> None:
    workspace.joinpath("one.py").write_text("old = 'mine'\n")

    message = caller.refusal("patterns.apply", patterns=["rename-old"])

    assert "one.py has uncommitted changes" in message
    assert "add allow_dirty" in message
    assert workspace.joinpath("one.py").read_text() == "old = 'mine'\n"
    assert report(caller, "patterns.apply", patterns=["rename-old"], allow_dirty=True).counts["edited"] == 1


def test_dry_run_shows_a_diff_and_writes_nothing(caller: Caller, workspace: Path) -> None:
    workspace.joinpath("one.py").write_text("old = 'mine'\n")

    [edited] = caller.ok("patterns.apply", patterns=["rename-old"], dry_run=True)["files"]

    assert edited["diff"] == "--- a/one.py\n+++ b/one.py\n@@ -1 +1 @@\n-old = 'mine'\n+renamed = 'mine'\n"
    assert workspace.joinpath("one.py").read_text() == "old = 'mine'\n"


def test_unsafe_codemod_runs_only_with_consent(caller: Caller) -> None:
    name = "libcst.codemod.commands.convert_percent_format_to_fstring.ConvertPercentFormatStringCommand"

    message = caller.refusal("patterns.apply", patterns=[name])

    assert "is unsafe: a person must review its changes" in message
    assert "add unsafe" in message
    assert report(caller, "patterns.apply", patterns=[name], unsafe=True).counts["unchanged"] == 2


def test_report_counts_by_rule(caller: Caller, workspace: Path) -> None:
    workspace.joinpath("package", "two.py").write_text("old = old\n")

    assert report(caller, "patterns.lint").rules == {"no-old": 3}
    both = caller.ok("patterns.apply", patterns=["rename-old", "no-old"], dry_run=True)
    assert both["rules"] == {"no-old": 3, "rename-old": 2}


def test_files_that_no_trigger_matches_are_not_parsed_and_workers_stay(
    connected: Callable[[Any, str], AbstractContextManager[Caller]],
    workspace: Path,
    library: Path,
    mode: str,
    write_pattern: WritePattern,
) -> None:
    code = (
        "import os\nfrom pytest_orchestrator.api.patterns import Linter\n\n\nclass Entry(Linter):\n"
        "    def visit_Name(self, node):\n        self.report(node, str(os.getpid()))\n"
    )
    write_pattern(library, "tell-process", kind="linter", code=code, trigger="{text: [old]}")
    workspace.joinpath("bad.py").write_text("print 'no such word'\n")
    workspace.joinpath("other.py").write_text("old = 3\n")
    with WorkerHandle() as worker, connected(pattern_server(workspace, [library], [worker]), mode) as caller:
        found = [
            report(caller, "patterns.lint", patterns=["tell-process"], paths=[path]) for path in ("one.py", "*.py")
        ]

    assert [each.counts["rejected"] for each in found] == [0, 0]
    messages = {
        item.message for each in found for file in each.files if isinstance(file, Found) for item in file.diagnostics
    }
    assert len(messages) == 1


def test_long_report_comes_in_pages_that_add_up(caller: Caller, workspace: Path) -> None:
    workspace.joinpath("many.py").write_text("old = 1\n" * 700)
    workspace.joinpath("é\udcff.py").write_text("old = 1\n")

    whole = caller.ok("patterns.lint", limit_kb=1000)
    answer = caller.call("patterns.lint")
    pages = [answer.structured_content]
    while cursor := pages[-1].get("next_cursor"):
        pages.append(caller.ok("report.more", cursor=cursor))

    assert len(answer.model_dump_json(by_alias=True, exclude_none=True).encode()) <= 20_000
    assert len(pages) > 5
    assert [page["rules"] for page in pages] == [{"no-old": 702}] * len(pages)
    found = [item for page in pages for file in page["files"] for item in file["diagnostics"]]
    assert found == [item for file in whole["files"] for item in file["diagnostics"]]
    assert "next_cursor" not in whole
    again = caller.ok("report.more", cursor=pages[0]["next_cursor"], limit_kb=1000)
    first = sum(len(file["diagnostics"]) for file in pages[0]["files"])
    assert [item for file in again["files"] for item in file["diagnostics"]] == found[first:]


def test_long_diff_comes_in_pages_that_are_patches(caller: Caller, workspace: Path) -> None:
    lines = [f"x = {number}\nold = {number}\n" + "#\n" * 10 for number in range(300)]
    workspace.joinpath("many.py").write_text("".join(lines))
    workspace.joinpath("wide.py").write_text("old = 1\n" * 3000)

    pages = [caller.ok("patterns.apply", patterns=["rename-old"], dry_run=True, limit_kb=10)]
    while cursor := pages[-1].get("next_cursor"):
        pages.append(caller.ok("report.more", cursor=cursor, limit_kb=10))
    diffs = [file["diff"] for page in pages for file in page["files"] if file["path"] == "many.py"]
    [wide] = [file["diff"] for page in pages for file in page["files"] if file["path"] == "wide.py"]

    assert len(diffs) > 3
    for diff in diffs:
        subprocess.run(["git", "apply", "--unidiff-zero"], cwd=workspace, input=diff, text=True, check=True)
    assert workspace.joinpath("many.py").read_text() == "".join(lines).replace("old", "renamed")
    assert len(wide) < 10_000
    advice = re.search(
        r"characters are left out; for all of it call report.more with the cursor (\S+) and limit_kb (\d+)", wide
    )
    assert advice is not None
    [file] = caller.ok("report.more", cursor=advice[1], limit_kb=int(advice[2]))["files"]
    assert file["diff"].count("\n+renamed") == 3000


@pytest.mark.parametrize("cursor", ["", "1", "1.0", "999.0", "1.-1", "x.y", "1.²", "9" * 5000])
def test_unknown_cursor_is_refused(caller: Caller, cursor: str) -> None:
    assert "call its tool again" in caller.refusal("report.more", cursor=cursor)


def test_lists_that_every_session_reads_are_short(
    connected: Callable[[Any, str], AbstractContextManager[Caller]], workspace: Path, mode: str
) -> None:
    """At most 1,200 tokens each, of about four characters, for a library of 26 patterns."""
    with connected(pattern_server(workspace, [shipped_folder()], []), mode) as caller:
        patterns = caller.ok("patterns.list")["patterns"]
        tools, prompts = caller.ask("list_tools").tools, caller.ask("list_prompts").prompts

    for items, share in ((patterns, len(patterns) / 26), (tools, 1), (prompts, len(prompts) / 26)):
        texts = [
            item if isinstance(item, dict) else item.model_dump(mode="json", by_alias=True, exclude_none=True)
            for item in items
        ]
        assert len(json.dumps(texts, separators=(",", ":"))) <= 4800 * share


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

    asked = {"patterns": ["rename-old"], "allow_dirty": True}
    future = caller.portal.start_task_soon(caller.client.call_tool, "patterns.apply", asked)
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

    assert set(tools) == {
        "patterns.list", "patterns.show", "patterns.apply", "patterns.lint", "spec.check", "report.more"
    }  # fmt: skip
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

"""Renders a report of the spec guard in each format of `spec check`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pytest_orchestrator.files import line_reader
from pytest_orchestrator.spec_guard.reports.report import SpecReport

Form = Literal["text", "json", "sarif", "github", "junit", "markdown", "html"]
_MAX_SUMMARY_BYTES = 1 << 20


def render(report: SpecReport, form: Form) -> str:
    """The report as text, without a newline at its end."""
    match form:
        case "text":
            from pytest_orchestrator.spec_guard.reports.report import render_text

            text = render_text(report)
        case "json":
            from pytest_orchestrator.codec.decode import encode

            text = json.dumps(encode(report), indent=2)
        case "sarif":
            from importlib.metadata import version

            from pytest_orchestrator.commands.spec.check import installed_rules
            from pytest_orchestrator.spec_guard.reports.formats import render_sarif

            text = render_sarif(report, installed_rules(), version=version("pytest-orchestrator"))
        case "github":
            from pytest_orchestrator.spec_guard.reports.formats import render_github

            text = render_github(report)
        case "junit":
            from pytest_orchestrator.spec_guard.reports.formats import render_junit

            text = render_junit(report)
        case "markdown":
            from pytest_orchestrator.spec_guard.reports.report import render_markdown

            text = render_markdown(report)
        case "html":
            from pytest_orchestrator.commands.spec.check import installed_rules
            from pytest_orchestrator.spec_guard.reports.html import render_html

            text = render_html(report, installed_rules())
    return text.rstrip("\n")


def render_for_person(report: SpecReport, root: Path, *, colour: bool) -> str:
    """The report for a terminal, with the lines that the findings are about."""
    from pytest_orchestrator.spec_guard.reports.terminal import render_terminal

    return render_terminal(report, line_reader(root), colour=colour)


def write_step_summary(report: SpecReport, environ: Mapping[str, str]) -> str:
    """Append the report to the summary of the step where GitHub Actions asks for one. Returns why that fails, else "".

    The file and its limit of 1 MiB are those of
    https://docs.github.com/actions/reference/workflow-commands-for-github-actions#adding-a-job-summary.
    """
    where = environ.get("GITHUB_STEP_SUMMARY") if environ.get("GITHUB_ACTIONS") == "true" else None
    if not where:
        return ""
    from pytest_orchestrator.spec_guard.reports.report import render_markdown, render_summary

    data = _encoded(render_markdown(report))
    if len(data) > _MAX_SUMMARY_BYTES:
        data = _encoded("\n".join(["# Spec guard", "", *(f"- {line}" for line in render_summary(report)), ""]))
    try:
        with Path(where).open("ab") as stream:
            stream.write(data)
    except OSError as error:
        return f"{where}: {error.strerror or error}"
    return ""


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")

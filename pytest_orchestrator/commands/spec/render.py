"""Renders a report of the spec guard in each format of `spec check`."""

from __future__ import annotations

import json
from typing import Literal

from pytest_orchestrator.spec_guard.reports.report import SpecReport

Form = Literal["text", "json", "sarif", "github", "junit", "markdown"]


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
    return text.rstrip("\n")

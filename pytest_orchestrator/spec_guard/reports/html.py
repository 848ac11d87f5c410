"""The report as one HTML file. It needs no other file, and runs no script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.display import printable
from pytest_orchestrator.spec_guard.ledgers.evidence import HEADERS, table
from pytest_orchestrator.spec_guard.reports.report import SpecReport, render_summary
from pytest_orchestrator.spec_guard.rules.rule import Rule

_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Spec guard</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8886; padding: .3rem .6rem; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; }
code, .line { font-family: ui-monospace, monospace; font-size: .9em; }
.error { color: #c62828; font-weight: bold; }
.warning { color: #b26a00; font-weight: bold; }
.fix { opacity: .8; }
</style>
</head>
<body>
<h1>Spec guard</h1>"""


def render_html(report: SpecReport, rules: Sequence[Rule]) -> str:
    """The report as a page: the summary, then the findings of each file. `rules` explain the findings."""
    reasons = {rule.id: rule.reason for rule in rules}
    parts = [_HEAD, "<ul>"]
    parts += [f"<li>{_text(line)}</li>" for line in (*render_summary(report), f"today is {report.today}")]
    parts += [f'<li class="error">not checked: {_text(problem)}</li>' for problem in report.problems]
    parts.append("</ul>")
    for path, found in groupby(report.diagnostics, key=lambda item: item.path):
        rows = (_row(item, reasons.get(item.rule, "")) for item in found)
        parts += [f"<h2><code>{_text(path)}</code></h2>", *_table(["line", "rule", "severity", "what"], rows)]
    if report.evidence:
        rows = ([_text(str(cell)) for cell in row] for row in table(report.evidence))
        parts += ["<h2>Evidence</h2>", *_table(HEADERS, rows)]
    return "\n".join([*parts, "</body>", "</html>"]) + "\n"


def _row(item: Diagnostic, reason: str) -> list[str]:
    fix = f'<div class="fix">fix: {_text(item.fix)}</div>' if item.fix else ""
    return [
        f'<span class="line">{item.range.start_line}</span>',
        f'<span title="{_text(reason)}">{_text(item.rule)}</span>',
        f'<span class="{item.severity}">{item.severity}</span>',
        f"{_text(item.message)}{fix}",
    ]


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"<table><tr>{''.join(f'<th>{_text(name)}</th>' for name in headers)}</tr>"
    yield from (f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    yield "</table>"


def _text(text: str) -> str:
    return escape(printable(text))

"""Tables for a terminal and in Markdown. What could break a row is escaped here, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pytest_orchestrator.display import printable

_RULES = {"left": "---", "right": "---:"}


def plain_table(
    rows: Iterable[Sequence[object]], headers: Sequence[str] = (), *, align: Sequence[str] | None = None
) -> str:
    """A table for a terminal. `align` holds `left` or `right` for each column; default: all left."""
    from tabulate import tabulate  # only a run that prints a table pays for its import

    return tabulate(
        [[printable(str(cell)) for cell in row] for row in rows],
        headers,
        tablefmt="simple" if headers else "plain",
        colalign=align,
        disable_numparse=True,
    )


def markdown_table(
    rows: Iterable[Sequence[object]], headers: Sequence[str], *, align: Sequence[str] | None = None
) -> list[str]:
    """The lines of a table in GitHub Flavored Markdown (4.10, Tables). Cells are Markdown; each becomes one line.

    `align` is as for `plain_table`.
    """
    rules = [_RULES[side] for side in align or ["left"] * len(headers)]
    return [_line(row) for row in (headers, rules, *rows)]


def _line(row: Sequence[object]) -> str:
    return f"| {' | '.join(_cell(str(cell)) for cell in row)} |"


def _cell(text: str) -> str:
    return printable(" ".join(text.split())).replace("|", r"\|")

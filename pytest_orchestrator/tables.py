"""Tables for a terminal and in Markdown. What could break a row is escaped here, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pytest_orchestrator.display import printable

_GAP = "  "
_READABLE = 20
_RULES = {"left": "---", "right": "---:"}


def plain_table(
    rows: Iterable[Sequence[object]],
    headers: Sequence[str] = (),
    *,
    align: Sequence[str] | None = None,
    width: int | None = None,
) -> str:
    """A table for a terminal. `align` holds `left` or `right` for each column; default: all left.

    The last column is wrapped so that lines have at most `width` characters, if that leaves it enough to be read.
    """
    from tabulate import tabulate  # only a run that prints a table pays for its import

    cells = [[printable(str(cell)) for cell in row] for row in rows]
    return tabulate(
        cells,
        headers,
        tablefmt="simple" if headers else "plain",
        colalign=align,
        disable_numparse=True,
        maxcolwidths=_widths(cells, headers, width) if width else None,
    )


def markdown_table(
    rows: Iterable[Sequence[object]], headers: Sequence[str], *, align: Sequence[str] | None = None
) -> list[str]:
    """The lines of a table in GitHub Flavored Markdown (4.10, Tables). Cells are Markdown; each becomes one line.

    `align` is as for `plain_table`.
    """
    rules = [_RULES[side] for side in align or ["left"] * len(headers)]
    return [_line(row) for row in (headers, rules, *rows)]


def _widths(rows: Sequence[Sequence[str]], headers: Sequence[str], width: int) -> list[int | None] | None:
    """The widths for tabulate: of the last column only; None if the table fits, or can't."""
    columns = [max(map(len, column)) for column in zip(*([headers] if headers else []), *rows, strict=True)]
    if not columns:
        return None
    left = width - sum(columns[:-1]) - len(_GAP) * (len(columns) - 1)
    return [*([None] * (len(columns) - 1)), left] if _READABLE <= left < columns[-1] else None


def _line(row: Sequence[object]) -> str:
    return f"| {' | '.join(_cell(str(cell)) for cell in row)} |"


def _cell(text: str) -> str:
    return printable(" ".join(text.split())).replace("|", r"\|")

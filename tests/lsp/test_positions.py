"""Positions as the protocol counts them."""

from __future__ import annotations

import pytest
from lsprotocol.types import Position, PositionEncodingKind

from pytest_orchestrator.diagnostics import Range
from pytest_orchestrator.lsp.positions import Positions

# One line ends at each kind of line end; neither a form feed nor U+2028 is one.
_TEXT = "a\r\n\fb\u2028c\rd\N{GRINNING FACE}\N{LATIN SMALL LETTER E WITH ACUTE}x\ne"


@pytest.mark.parametrize(
    ("encoding", "columns"),
    [("utf-8", (1, 5, 7)), (PositionEncodingKind.Utf16, (1, 3, 4)), ("utf-32", (1, 2, 3))],
)
def test_columns_count_the_clients_units(encoding: str, columns: tuple[int, ...]) -> None:
    positions = Positions(_TEXT, encoding)
    for column, expected in zip((2, 3, 4), columns, strict=True):
        found = positions.range(Range(start_line=3, start_column=1, end_line=3, end_column=column))
        assert (found.start, found.end) == (Position(2, 0), Position(2, expected))


@pytest.mark.parametrize(
    ("place", "expected"),
    [((2, 2), (1, 1)), ((1, 9), (0, 1)), ((4, 2), (3, 1)), ((5, 1), (3, 1)), ((99, 5), (3, 1)), ((4, 0), (3, 0))],
)
def test_a_place_behind_the_end_is_the_end(place: tuple[int, int], expected: tuple[int, int]) -> None:
    line, column = place
    found = Positions(_TEXT, "utf-16").range(
        Range(start_line=line, start_column=column, end_line=line, end_column=column)
    )
    assert found.start == found.end == Position(*expected)


def test_an_empty_text_has_one_place() -> None:
    assert Positions("", "utf-16").range(Range.of_line(1)).end == Position(0, 0)

"""Types."""

from typing import Any

Table = dict[str, list[int]]


def rows(table: Table, names: list[str]) -> dict[str, Any]:
    found: list = []
    return {name: found for name in names}

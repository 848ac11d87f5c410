"""Types."""

from typing import Any, Dict, List

Table = Dict[str, List[int]]


def rows(table: Table, names: List[str]) -> Dict[str, Any]:
    found: List = []
    return {name: found for name in names}

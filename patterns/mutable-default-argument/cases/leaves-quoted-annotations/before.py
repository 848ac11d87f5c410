from collections.abc import Mapping, Sequence
from typing import Optional


def read(names: "Sequence[str]" = [], rows: "Optional[Mapping[str, 'Row']]" = {}, more: Optional["Sequence[str]"] = []):
    return names, rows, more

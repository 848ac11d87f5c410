from typing import List, NamedTuple, Tuple

from records import make

Row = make("Row", [("names", List[str])])
Odd = NamedTuple("Odd", [("names", List[str], List), *more])


def first(rows: Tuple[Row, ...]) -> Row: ...

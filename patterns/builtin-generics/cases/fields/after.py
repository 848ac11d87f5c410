from typing import Any, NamedTuple, TypedDict

Row = NamedTuple("Row", [("names", list[str]), ("seen", "set[int]")])
Pair = NamedTuple("Pair", (("left", dict[str, Any]), ("right", tuple)))
Options = TypedDict("Options", {"paths": list[str], "sizes": dict[str, int]}, total=False)


def name_of(row: list[Row]) -> str: ...

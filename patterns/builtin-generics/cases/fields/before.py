from typing import Any, Dict, List, NamedTuple, Set, Tuple, TypedDict

Row = NamedTuple("Row", [("names", List[str]), ("seen", "Set[int]")])
Pair = NamedTuple("Pair", (("left", Dict[str, Any]), ("right", Tuple)))
Options = TypedDict("Options", {"paths": List[str], "sizes": Dict[str, int]}, total=False)


def name_of(row: List[Row]) -> str: ...

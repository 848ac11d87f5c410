from typing import NamedTuple, Optional, TypedDict

Row = NamedTuple("Row", [("name", str | None), ("next", Optional["Row"])])
Options = TypedDict("Options", {"size": int | float})


def total(options: Options | None) -> int: ...

from typing import NamedTuple, Optional, TypedDict, Union

Row = NamedTuple("Row", [("name", Optional[str]), ("next", Optional["Row"])])
Options = TypedDict("Options", {"size": Union[int, float]})


def total(options: Optional[Options]) -> int: ...

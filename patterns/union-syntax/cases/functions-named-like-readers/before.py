import dataclasses
from typing import Optional

from mine import signature


@dataclasses.dataclass
class Box:
    fields: Optional[int]


def f(signature: Optional[str]) -> Optional[int]:
    return Box(signature).fields

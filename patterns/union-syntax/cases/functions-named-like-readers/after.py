import dataclasses

from mine import signature


@dataclasses.dataclass
class Box:
    fields: int | None


def f(signature: str | None) -> int | None:
    return Box(signature).fields

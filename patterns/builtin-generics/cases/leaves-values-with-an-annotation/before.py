from typing import ClassVar, List


class Field:
    kind: type = List[int]
    names: List[str]


def read(field: Field) -> List[int]:
    return field.kind()

from dataclasses import dataclass, fields as list_fields
from typing import List


@dataclass
class Box:
    size: List[int]


print([field.type for field in list_fields(Box)])

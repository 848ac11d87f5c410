from dataclasses import dataclass, fields as list_fields
from typing import Optional


@dataclass
class Box:
    size: Optional[int]


print([field.type for field in list_fields(Box)])

from typing import List

from pydantic import BaseModel as Base


class Box(Base):
    size: List[int] = None

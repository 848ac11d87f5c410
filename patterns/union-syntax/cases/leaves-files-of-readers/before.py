from typing import Optional

from pydantic import BaseModel as Base


class Box(Base):
    size: Optional[int] = None

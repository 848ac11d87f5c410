from typing import List, Optional

ENCODERS = {Optional[str]: str}


class Box:
    size: List[int]

from typing import List, Optional

ENCODERS = {List[str]: str}


class Box:
    size: Optional[int]

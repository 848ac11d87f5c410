from typing import Dict, List

Numbers = List[int]
Base = Dict[str, int]


class Table(Base):
    rows = Numbers()

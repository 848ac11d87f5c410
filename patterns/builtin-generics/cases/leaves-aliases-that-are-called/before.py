from typing import Dict, List

Numbers = List[int]
Base = Dict[str, int]
Other = List[str]


class Table(Base):
    rows = Numbers()

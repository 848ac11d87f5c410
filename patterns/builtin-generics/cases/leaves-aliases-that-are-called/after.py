from typing import Dict, List

Numbers = List[int]
Base = Dict[str, int]
Other = list[str]


class Table(Base):
    rows = Numbers()

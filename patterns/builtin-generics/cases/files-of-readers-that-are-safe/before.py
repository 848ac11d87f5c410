from typing import List

import sqlalchemy.orm


class Box(sqlalchemy.orm.DeclarativeBase):
    size: sqlalchemy.orm.Mapped[List[int]]

    @route("/", response_model=List[int])
    def show(self) -> List[int]: ...

from typing import Optional

import sqlalchemy.orm


class Box(sqlalchemy.orm.DeclarativeBase):
    size: sqlalchemy.orm.Mapped[Optional[int]]

    @route("/", response_model=Optional[int])
    def show(self) -> Optional[int]: ...

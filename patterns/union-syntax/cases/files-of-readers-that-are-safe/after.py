from typing import Optional

import sqlalchemy.orm


class Box(sqlalchemy.orm.DeclarativeBase):
    size: sqlalchemy.orm.Mapped[int | None]

    @route("/", response_model=Optional[int])
    def show(self) -> int | None: ...

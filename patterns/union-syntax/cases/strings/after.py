from typing import cast


def f(a: "Box | None", b: "Box | int | None") -> "Callable[[Box], None] | None":
    c = cast("Box | None", a)
    return cast(int | None, c)

def first[T](items: list[T] = []) -> T:
    return items[0]


@decorator(lambda default=[]: default)
def outer(inner=lambda: (lambda deep={}: deep)):
    match inner:
        case {"a": [*rest]} if (last := rest):
            return lambda *, last=[last]: last

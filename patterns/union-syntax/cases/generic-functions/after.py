def first[T](items: list[T]) -> T | None: ...


type Maybe[T] = T | None

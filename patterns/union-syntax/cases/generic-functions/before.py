from typing import Optional


def first[T](items: list[T]) -> Optional[T]: ...


type Maybe[T] = Optional[T]

import typing


def f(a: typing.Optional[int]): ...


def is_optional(hint):
    return typing.get_origin(hint) is not None

from functools import singledispatch


@singledispatch
def show(value): ...


@show.register
def _(value: int | str): ...

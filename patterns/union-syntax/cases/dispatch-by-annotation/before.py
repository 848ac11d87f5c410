from functools import singledispatch
from typing import Union


@singledispatch
def show(value): ...


@show.register
def _(value: Union[int, str]): ...

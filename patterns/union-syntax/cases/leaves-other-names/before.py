from mine import Optional
from typing import Union

Union = None


def f(a: Optional[int], b: Union[int, str]): ...

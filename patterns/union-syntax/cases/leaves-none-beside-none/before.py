from typing import Optional, Union


def f(a: Optional[None], b: Union[None, None]): ...

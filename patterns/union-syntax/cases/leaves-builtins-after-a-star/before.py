from typing import Optional

from mine import *


def f(a: Optional[int]): ...

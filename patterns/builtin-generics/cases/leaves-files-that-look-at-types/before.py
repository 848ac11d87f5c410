from typing import List, get_type_hints


def f(a: List[int]): ...


print(get_type_hints(f))

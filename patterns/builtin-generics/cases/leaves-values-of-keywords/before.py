from typing import List


@route("/", response_model=List[int])
def f(a): ...

from typing import Optional


@route("/", response_model=Optional[int])
def f(a): ...

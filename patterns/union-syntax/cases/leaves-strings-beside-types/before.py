from typing import Optional, Union


def f(a: Optional["Box"], b: Union[int, "Box"], c: Union["Box", "Other"]): ...


def g(a: Optional[int] | "Box"): ...

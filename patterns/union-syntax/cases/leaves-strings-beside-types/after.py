from typing import Optional, Union


def f(a: Optional["Box"], b: Union[int, "Box"], c: Union["Box", "Other"]) -> int | None: ...


def g(a: Optional[int] | "Box"): ...

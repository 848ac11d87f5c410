from typing import Dict


def f(a: "list[int] | None", b: list[int] | None, c: Dict[str, int] | "Box"): ...

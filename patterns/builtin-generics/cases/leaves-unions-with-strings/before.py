from typing import Dict, List


def f(a: "List[int] | None", b: List[int] | None, c: Dict[str, int] | "Box"): ...

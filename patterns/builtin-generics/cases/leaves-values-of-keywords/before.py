from typing import Dict, List


@route("/", response_model=List[int])
def f(a: Dict[str, int]) -> List[int]: ...

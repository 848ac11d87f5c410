# A file that begins with an import.
from typing import List


# And a comment.
def f(a: List[int]): ...

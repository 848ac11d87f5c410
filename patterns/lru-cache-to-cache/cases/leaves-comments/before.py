from functools import lru_cache


@lru_cache(
    maxsize=None  # as long as there are few
)
def load(name):
    return name

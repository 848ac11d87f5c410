from functools import lru_cache


@lru_cache(maxsize=None)
def load(name):
    return name


class A:
    @property
    @lru_cache(None,)
    def name(self):
        return 1

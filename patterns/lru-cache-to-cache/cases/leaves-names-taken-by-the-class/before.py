from functools import lru_cache


class A:
    @lru_cache(maxsize=None)
    def load(self):
        return 1

    def cache(self):
        return 2

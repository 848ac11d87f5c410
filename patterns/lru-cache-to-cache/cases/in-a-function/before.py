def make():
    from functools import wraps, lru_cache

    @lru_cache(maxsize=None)
    def load(name):
        return wraps(lru_cache)

def make():
    from functools import wraps, cache, lru_cache

    @cache
    def load(name):
        return wraps(lru_cache)

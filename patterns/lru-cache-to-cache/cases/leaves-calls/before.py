from functools import lru_cache

cached = lru_cache(maxsize=None)(load)

from functools import cache


@cache
def load(name):
    return name


class A:
    @property
    @cache
    def name(self):
        return 1

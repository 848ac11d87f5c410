def add(item, to=[]):
    return to


def put(key, value=None, *, into={"a": 1}, seen={1}):
    return into


async def comprehensions(a=[x for x in "ab"], b={x for x in "ab"}, c={x: 1 for x in "ab"}, /):
    return a, b, c


class Basket:
    def __init__(self, items: list = []):
        self.items = items


latest = lambda value, found=[]: found

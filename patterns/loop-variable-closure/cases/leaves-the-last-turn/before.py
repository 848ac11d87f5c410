import functools


def first(rows):
    for r in rows:
        if r.wanted:
            return [lambda: r, functools.partial(lambda more: (r, more), 1)]


def named(rows):
    for r in rows:
        if r.wanted:
            def show():
                return r

            return show


def until(rows):
    for r in rows:
        if r.wanted:
            found = {"show": lambda: r}
            break
    return found

class Plain(object):
    pass


class OneLine(object): value = 1


class Documented(object):  # kept
    """About class Documented(object)."""

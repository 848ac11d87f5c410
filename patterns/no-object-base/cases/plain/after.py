class Plain:
    pass


class OneLine: value = 1


class Documented:  # kept
    """About class Documented(object)."""

for name in names:
    def outer():
        def inner(value):
            return value, name
        return inner
    register(outer)

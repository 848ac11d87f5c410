def outer():
    class set:
        pass

    def inner(values=set()):
        return values

    def dict():
        return None

    return lambda table=dict(): table

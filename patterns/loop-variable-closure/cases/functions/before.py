def make(names):
    for name in names:
        size = len(name)

        def show(prefix):
            return prefix + name * size

        yield show

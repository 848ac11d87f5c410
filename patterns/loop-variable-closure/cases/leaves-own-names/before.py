for i in range(3):
    def show():
        i = 1
        return i, [i for i in "ab"]

    later(show, lambda: [i for i in "ab"], lambda *i: i)
    def outer():
        own = 2

        def inner():
            return own

        return inner

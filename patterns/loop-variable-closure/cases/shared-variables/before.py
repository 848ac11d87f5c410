def watch(names):
    global current
    for current in names:
        button(lambda: current)


def make(pairs):
    key = value = None

    def fill():
        nonlocal key, value
        for key, value in pairs:
            button(lambda: (key, value))

    def read():
        for name in names:
            button(lambda key=name: (key, value))

    return fill, read

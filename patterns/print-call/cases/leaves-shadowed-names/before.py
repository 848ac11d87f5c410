def render(print):
    print("a")


def other():
    print = log.info
    print("b")

def make(object):
    class Made(object):
        pass

    return Made


def catch():
    match load():
        case object:

            class Caught(object):
                pass


class Holder:
    object = Base

    class Inner(object):
        pass

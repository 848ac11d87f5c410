def f(IOError):
    try:
        pass
    except IOError:
        pass


class C:
    OSError = None
    try:
        pass
    except IOError:
        pass

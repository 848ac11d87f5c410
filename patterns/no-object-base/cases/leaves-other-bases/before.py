import builtins


class Named(Object):
    pass


class Called(object()):
    pass


class Qualified(builtins.object):
    pass


class Keyword(base=object):
    pass


class Unpacked(*object):
    pass


class Empty():
    pass


instance = object()

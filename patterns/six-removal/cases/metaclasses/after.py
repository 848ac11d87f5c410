import abc


class A(object, metaclass=abc.ABCMeta):
    """A."""


class Meta(type):
    def __new__(mcs, *args):
        return type.__new__(mcs, *args)


# first
@final
class B(metaclass=Meta):
    pass


class C(A, B, metaclass=Meta):
    pass


class D(metaclass=make(1)):
    pass
